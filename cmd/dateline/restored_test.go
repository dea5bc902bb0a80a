package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestServeRestored: an older desk.db starts only with --restored; then the record goes on under another name, what was withdrawn
// since the copy stays down, also for an import and a restoration, and the site is what the record says.
func TestServeRestored(t *testing.T) {
	s := busyPaper(t)
	a := s.write(fields{"section": "coast", "headline": "Taken down since"})
	address := s.act(a.ID, "publish", fields{}).confirmed().Address
	told := s.story("Told and taken back")
	s.stop()
	database := filepath.Join(s.dir, "desk.db")
	backup, err := os.ReadFile(database)
	must(t, err)
	s = s.paperFolder.serve()
	s.act(a.ID, "withdraw", fields{"kind": "legal"}).confirmed()
	s.tell(told.ID, "withdraw", fields{"reason": "the lawyers"}).is(200)
	b := s.write(fields{"section": "coast", "headline": "Lost with the disk"})
	lost := s.act(b.ID, "publish", fields{}).confirmed().Address
	before := s.read("/record/checkpoint").is(200).body
	s.stop()
	must(t, os.WriteFile(database, backup, 0o600))
	s.do("serve", "--site", "127.0.0.1:0", "--newsroom", "127.0.0.1:0").is(exitFailed).says("older than", "serve --restored")
	s.do("article", "list").is(exitFailed).says("serve --restored")

	s = s.paperFolder.start("serve", "--restored")
	after := s.read("/record/checkpoint").is(200).body
	first := func(note string) string { name, _, _ := strings.Cut(note, "\n"); return name }
	if first(after) == first(before) || !strings.HasPrefix(first(after), first(before)+"/") {
		t.Errorf("it is signed under %q, before under %q", first(after), first(before))
	}
	s.read(address).is(410).lacks("Taken down since")
	s.read("/stories/told-and-taken-back").is(410).lacks("Told and taken back", "Under way")
	s.read(lost).is(404)
	s.read("/").is(200).lacks("Taken down since", "Lost with the disk").has("Story number 5")
	s.read("/record/keys").is(200).has(`\"before\":\"` + first(before))
	c := s.write(fields{"section": "coast", "headline": "After the disk"})
	s.act(c.ID, "publish", fields{}).confirmed()
	s.stop()
	s.do("record", "verify").is(exitOK)
	s.do("serve", "--restored", "--site", "127.0.0.1:0", "--newsroom", "127.0.0.1:0").is(exitFailed).says("without --restored")
	s = s.paperFolder.serve()
	s.read(address).is(410)
	s.stop()
}

// TestKeyRotate: a served newsroom takes a new key; whoever knows the old one can follow; people still come in.
func TestKeyRotate(t *testing.T) {
	s := busyPaper(t)
	old := strings.TrimSpace(s.read("/record/key").is(200).body)
	var done rotated
	s.do("key", "rotate", "--json").is(exitOK).json(&done)
	eventually(t, "readers are given the new key", func() bool { return strings.TrimSpace(s.read("/record/key").body) == done.Verifier })
	if old == done.Verifier {
		t.Error("the key is the old one")
	}
	eventually(t, "the checkpoint is signed with it", func() bool {
		return command(t, "record", "verify", s.site, "--key", done.Verifier).code == exitOK
	})
	command(t, "record", "verify", s.site, "--key", old).is(exitFailed)
	s.do("record", "verify").is(exitOK)
	s.stop()
	if _, err := os.Stat(filepath.Join(s.dir, "key.next")); err == nil {
		t.Error("the key's draft lies about")
	}
	s = s.paperFolder.serve()
	s.do("key", "rotate").is(exitOK)
	s.stop()
	s.do("record", "verify").is(exitOK)
}
