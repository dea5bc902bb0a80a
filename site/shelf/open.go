package shelf

// Shelf is the site's database. Many may read at once; one applies.
//
//	Open(ctx, Options) (*Shelf, error)                   opens the file, or begins an empty one; says in Rebuild why it must be built
//	Apply(ctx, []record.Entry) (Changes, error)          applies entries in one transaction
//	Rebuild(ctx, Source, Progress) (Changes, error)      builds a new file beside, renames it over when it has caught up
//	NeedsRebuild() (why string)                          "" where the file is good
//	Cursor() int64                                       the last entry applied
//	Ready() bool                                         there is something to serve
//	View(ctx, func(*Tx) error) error                     one consistent snapshot; ErrNotReady, ErrClosed
//	SetCheckpoint(ctx, []byte) (Changes, error)          keeps a signed checkpoint
//	Tidy(ctx) (more bool, err error)                     a small step of merging the search index, for quiet times
//	Close() error
type Shelf struct{}

// Tx is a snapshot of the shelf; it answers what Reading lists and is good until the function it was given to returns.
type Tx struct{}
