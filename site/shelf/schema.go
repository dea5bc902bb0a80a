package shelf

// schemaVersion names the tables below and the form of what stands in them. A file of another version is built again.
const schemaVersion = "21"

// Kinds of kept counters, in the table tally.
const (
	tallyList    = 1 // at: the number of a list
	tallyDay     = 2 // at: 20060102, in the publication's zone
	tallyMonth   = 3 // at: 20060100
	tallyYear    = 4 // at: 20060000
	tallySitemap = 5 // at: 20060100, in UTC, with the instant of the last change
)

// Numbers of the lists that belong to no section, topic or person; the others are made by listNumber and storyNumber.
const (
	numberAll     = 0 // every article
	numberSitemap = 1 // every article and page
	numberLead    = 2 // articles with a lead picture
	numberNews    = 3 // articles that were not imported
)

// changedCorrections is the number under which the table changed tells of corrections; no list's changes stand under it.
const changedCorrections = numberAll

// listNumber is the number of the list of a section, topic or person; quoting is the list of those that quote the person.
func listNumber(thing int64, quoting bool) int64 {
	n := thing << 2
	if quoting {
		n |= 1
	}
	return n
}

// storyNumber is the number of the list of a running story.
func storyNumber(thing int64) int64 { return thing<<2 | 2 }

// ofStory says whether a number is that of a running story's list.
func ofStory(k int64) bool { return k > numberNews && k&2 != 0 }

// tables are the shelf's. Instants are microseconds since 1970, UTC; ids are the 16 bytes of the UUID. An article's key is
// its number inside the file: the second of its first publication shifted by 20 bits, plus a number that tells those of one
// second apart, so that the search index answers the newest first. Nothing outside the file depends on that number.
var tables = []string{
	`CREATE TABLE meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID`,
	// the record as far as it is shown: leaves, tree, and which entries lost their bodies to a redaction
	`CREATE TABLE leaf(seq INTEGER PRIMARY KEY, data BLOB NOT NULL)`,
	`CREATE TABLE tile(level INTEGER, n INTEGER, data BLOB NOT NULL, PRIMARY KEY(level, n))`,
	`CREATE TABLE redacted(seq INTEGER PRIMARY KEY, by INTEGER NOT NULL, replacement INTEGER NOT NULL,
		number INTEGER NOT NULL, change TEXT NOT NULL, public INTEGER NOT NULL, entry INTEGER NOT NULL, state TEXT NOT NULL)`,
	`CREATE INDEX redacted_by ON redacted(by)`,
	`CREATE TABLE buried(hash BLOB, by INTEGER, at INTEGER NOT NULL, PRIMARY KEY(hash, by)) WITHOUT ROWID`,
	// checkpoints that witnesses cosigned, by witness and size
	`CREATE TABLE cosigned(witness TEXT, size INTEGER, note BLOB NOT NULL, PRIMARY KEY(witness, size)) WITHOUT ROWID`,
	// the entries that name the keys of the log, whole
	`CREATE TABLE signer(seq INTEGER PRIMARY KEY, z BLOB NOT NULL)`,
	// publication, sections, topics, persons and pictures: every entry, and the newest of each
	`CREATE TABLE fact(seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, subject BLOB NOT NULL, body BLOB NOT NULL)`,
	`CREATE INDEX fact_subject ON fact(subject, seq)`,
	`CREATE INDEX fact_story ON fact(seq) WHERE kind = 'story'`,
	`CREATE TABLE thing(num INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, kind TEXT NOT NULL, seq INTEGER NOT NULL, body BLOB)`,
	`CREATE INDEX thing_publication ON thing(seq) WHERE kind = 'publication'`,
	`CREATE INDEX thing_section ON thing(id) WHERE kind = 'section'`,
	`CREATE TABLE slug(kind TEXT, slug TEXT, seq INTEGER, id BLOB NOT NULL, PRIMARY KEY(kind, slug, seq)) WITHOUT ROWID`,
	`CREATE TABLE about(person BLOB, topic BLOB, PRIMARY KEY(person, topic)) WITHOUT ROWID`,
	// every edition that readers can open, and the places of those whose bodies are gone
	`CREATE TABLE edition(seq INTEGER PRIMARY KEY, article BLOB NOT NULL, number INTEGER NOT NULL, change TEXT NOT NULL,
		note TEXT NOT NULL, public INTEGER NOT NULL, at INTEGER NOT NULL, z BLOB, corrects INTEGER NOT NULL DEFAULT 0)`,
	`CREATE INDEX edition_article ON edition(article, number, seq)`,
	`CREATE INDEX edition_public ON edition(public, article, change) WHERE z IS NOT NULL`,
	`CREATE TABLE redirect(seq INTEGER PRIMARY KEY, article BLOB NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL)`,
	`CREATE INDEX redirect_article ON redirect(article, seq)`,
	// what readers have of each article now
	`CREATE TABLE article(id BLOB PRIMARY KEY, key INTEGER NOT NULL) WITHOUT ROWID`,
	`CREATE TABLE card(key INTEGER PRIMARY KEY, data BLOB NOT NULL)`,
	`CREATE TABLE body(key INTEGER PRIMARY KEY, z BLOB NOT NULL)`,
	`CREATE TABLE addr(address TEXT PRIMARY KEY, key INTEGER NOT NULL) WITHOUT ROWID`,
	`CREATE TABLE list(k INTEGER, first INTEGER, id BLOB, key INTEGER NOT NULL, since INTEGER NOT NULL, PRIMARY KEY(k, first, id)) WITHOUT ROWID`,
	`CREATE TABLE latest(updated INTEGER, id BLOB, key INTEGER NOT NULL, PRIMARY KEY(updated, id)) WITHOUT ROWID`,
	`CREATE TABLE translation(of BLOB, by BLOB, PRIMARY KEY(of, by)) WITHOUT ROWID`,
	`CREATE TABLE correction(public INTEGER, id BLOB, number INTEGER, seq INTEGER NOT NULL, PRIMARY KEY(public, id, number)) WITHOUT ROWID`,
	// what only pages as of an instant need: lists that an article stood in for a while, when editions after the first changed
	// lists, and the time that articles were taken down for and came back
	`CREATE TABLE once(id BLOB, k INTEGER, since INTEGER, until INTEGER NOT NULL, first INTEGER NOT NULL, key INTEGER NOT NULL,
		PRIMARY KEY(id, k, since)) WITHOUT ROWID`,
	`CREATE INDEX once_list ON once(k, first, id, since, until, key)`,
	`CREATE TABLE changed(id BLOB, k INTEGER, at INTEGER, PRIMARY KEY(id, k, at)) WITHOUT ROWID`,
	`CREATE INDEX changed_list ON changed(k, at)`,
	`CREATE TABLE away(id BLOB, since INTEGER, until INTEGER NOT NULL, PRIMARY KEY(id, since)) WITHOUT ROWID`,
	`CREATE TABLE tally(kind INTEGER, at INTEGER, n INTEGER NOT NULL, modified INTEGER NOT NULL, PRIMARY KEY(kind, at)) WITHOUT ROWID`,
	`CREATE TABLE usage(picture BLOB, seq INTEGER, PRIMARY KEY(picture, seq)) WITHOUT ROWID`,
	`CREATE TABLE hash(hash TEXT, picture BLOB, PRIMARY KEY(hash, picture)) WITHOUT ROWID`,
	`CREATE TABLE shown(hash TEXT PRIMARY KEY, format TEXT NOT NULL) WITHOUT ROWID`,
	// running stories: the newest entry without its long lists, and without all its statuses but the last (head), its dated lines, and
	// who belongs to it without saying so (or says so and does not: gone)
	`CREATE TABLE story(id BLOB PRIMARY KEY, over INTEGER NOT NULL, changed INTEGER NOT NULL, data BLOB NOT NULL, head BLOB NOT NULL) WITHOUT ROWID`,
	`CREATE INDEX story_changed ON story(over, changed, id)`,
	`CREATE TABLE happening(story BLOB, at INTEGER, id BLOB, status INTEGER NOT NULL, told INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY(story, at, id)) WITHOUT ROWID`,
	`CREATE INDEX happening_status ON happening(story, at, id) WHERE status = 1`,
	`CREATE INDEX happening_told ON happening(story, told)`,
	`CREATE TABLE telling(story BLOB, seq INTEGER, data BLOB NOT NULL, PRIMARY KEY(story, seq)) WITHOUT ROWID`,
	`CREATE TABLE story_word(word TEXT, story BLOB, PRIMARY KEY(word, story)) WITHOUT ROWID`, // of the name
	`CREATE INDEX story_word_of ON story_word(story)`,
	`CREATE TABLE story_correction(public INTEGER, story BLOB, number INTEGER, seq INTEGER NOT NULL, PRIMARY KEY(public, story, number)) WITHOUT ROWID`,
	`CREATE INDEX story_correction_of ON story_correction(story, seq)`,
	`CREATE TABLE member(story BLOB, article BLOB, gone INTEGER NOT NULL, PRIMARY KEY(story, article)) WITHOUT ROWID`,
	`CREATE INDEX member_article ON member(article)`,
	// which story is part of which larger one by its own word, and since which entry (0: an entry of before said so), and which was
	// merged into which
	`CREATE TABLE part(whole BLOB, story BLOB, since INTEGER NOT NULL, PRIMARY KEY(whole, story)) WITHOUT ROWID`,
	`CREATE INDEX part_of ON part(story)`,
	`CREATE TABLE merged(story BLOB PRIMARY KEY, whole BLOB NOT NULL) WITHOUT ROWID`,
	`CREATE INDEX merged_into ON merged(whole)`,
	// the editions that readers can open of the articles in a story's list, so that what is new needs no look at the others
	`CREATE TABLE story_edition(k INTEGER, seq INTEGER, PRIMARY KEY(k, seq)) WITHOUT ROWID`,
	// every arrangement of a front, and which of each front readers have
	`CREATE TABLE front(seq INTEGER PRIMARY KEY, subject BLOB NOT NULL, live INTEGER NOT NULL, body BLOB)`,
	`CREATE INDEX front_subject ON front(subject, seq)`,
	`CREATE INDEX front_live ON front(subject) WHERE live = 1`,
	// live coverages: every act that has words, what their entries say now, and which articles were made of them
	`CREATE TABLE live_act(article BLOB, seq INTEGER, number INTEGER NOT NULL, z BLOB, PRIMARY KEY(article, seq)) WITHOUT ROWID`,
	`CREATE TABLE live(article BLOB PRIMARY KEY, data BLOB NOT NULL, on_air INTEGER NOT NULL, aired INTEGER NOT NULL) WITHOUT ROWID`,
	`CREATE INDEX live_on_air ON live(article) WHERE on_air = 1`,
	`CREATE INDEX live_aired ON live(aired)`,
	`CREATE TABLE live_entry(article BLOB, number INTEGER, public INTEGER NOT NULL, seq INTEGER NOT NULL, made INTEGER NOT NULL,
		posted INTEGER NOT NULL, pinned INTEGER NOT NULL, main INTEGER NOT NULL, deleted INTEGER NOT NULL, corrected INTEGER NOT NULL,
		z BLOB NOT NULL, PRIMARY KEY(article, number))`,
	`CREATE INDEX live_order ON live_entry(article, public, number)`,
	`CREATE INDEX live_changes ON live_entry(article, seq)`,
	`CREATE INDEX live_posted ON live_entry(article, posted) WHERE deleted = 0`,
	`CREATE INDEX live_pinned ON live_entry(article, public, number) WHERE pinned = 1`,
	`CREATE INDEX live_main ON live_entry(article, public, number) WHERE main = 1`,
	`CREATE TABLE origin(article BLOB, number INTEGER, made BLOB, PRIMARY KEY(article, number, made)) WITHOUT ROWID`,
	`CREATE INDEX origin_made ON origin(made)`,
	// what was taken down
	`CREATE TABLE tombstone(id BLOB PRIMARY KEY, seq INTEGER NOT NULL, at INTEGER NOT NULL, body BLOB) WITHOUT ROWID`,
	// which feeds' lists it stood in; first is when an imported article was first published, and for others without end
	`CREATE TABLE deleted(list BLOB, at INTEGER, id BLOB, first INTEGER NOT NULL, PRIMARY KEY(list, at, id)) WITHOUT ROWID`,
	`CREATE INDEX deleted_id ON deleted(id, list, at, first)`,
	`CREATE TABLE gone(hash BLOB, id BLOB, PRIMARY KEY(hash, id)) WITHOUT ROWID`,
	// which keys the newest transactions touched, as hashes, by the last entry of each; total counts the bytes up to it
	`CREATE TABLE touched(seq INTEGER PRIMARY KEY, keys BLOB NOT NULL, total INTEGER NOT NULL)`,
	// what the search index holds of live coverages; the index itself is package index's
	`CREATE TABLE spoken(key INTEGER PRIMARY KEY, document BLOB NOT NULL)`,
}

// servingPragmas are those of a file that readers use. Its newest transactions may be lost with the power: they are in the
// record. What is deleted is overwritten, because it may have been taken down by law. The log is folded into the file beside the
// acts (fold.go), so that none waits for the disk.
func servingPragmas(cache int) []string {
	return []string{"journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON", "temp_store=MEMORY",
		pragma("cache_size", -cache/1024), "wal_autocheckpoint=0", "journal_size_limit=4194304"}
}

// buildingPragmas are those of a file that is not yet in use: one that is half built is thrown away.
var buildingPragmas = []string{"page_size=8192", "journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE",
	"temp_store=MEMORY", "cache_size=-32768"}
