package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/media/blob"
)

type doctorCommand struct {
	inFolder
}

// Help gives the example.
func (doctorCommand) Help() string {
	return "Looks at a newsroom without changing it, whether it is served or not. Exit code 1 where something is wrong.\n\nExample:\n  dateline doctor --dir paper"
}

// finding is one thing that was looked at.
type finding struct {
	What   string `json:"what"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
}

// Run looks a newsroom over.
func (c doctorCommand) Run(ctx context.Context, s streams) error {
	if err := c.Dir.mustExist(); err != nil {
		return err
	}
	findings := examine(ctx, c.Dir, newProgress(s.err))
	bad := 0
	for _, f := range findings {
		if !f.OK {
			bad++
		}
	}
	if c.JSON {
		if err := printJSON(s.out, map[string]any{"ok": bad == 0, "findings": findings}); err != nil {
			return err
		}
	} else {
		for _, f := range findings {
			mark := "good "
			if !f.OK {
				mark = "WRONG"
			}
			fmt.Fprintf(s.out, "%s  %s: %s\n", mark, f.What, f.Detail)
		}
	}
	if bad > 0 {
		return dateline.Errorf(dateline.EInvalid, "%d of %d findings are wrong", bad, len(findings))
	}
	return nil
}

func examine(ctx context.Context, f folder, p *progress) []finding {
	defer p.finish()
	var out []finding
	say := func(what string, err error, good string, args ...any) {
		if err != nil {
			out = append(out, finding{what, false, message(err)})
			return
		}
		out = append(out, finding{what, true, fmt.Sprintf(good, args...)})
	}
	say("signing key", checkKey(f), "%s is there, for its owner only", f.key())
	free, err := freeSpace(f)
	say("disk", err, "%d MB are free", free>>20)
	say("database", damage(ctx, f), "%s is whole", f.database())
	proved, err := verifyFolder(ctx, f, "", p.tell)
	if err == nil && len(proved.Faults) > 0 {
		err = errors.New(proved.Faults[0].String() + "; restore desk.db from a backup that `dateline record verify` passes")
	}
	say("record", err, "%d entries verify", proved.Entries)
	pub, err := readPublication(ctx, f)
	if err == nil {
		err = errors.Join(pub.Validate(), twoHosts(pub.Site, pub.Newsroom))
	}
	if pub != nil {
		say("publication", err, "%s, %s, readers at %s, newsroom at %s", pub.Name, pub.Zone, pub.Site, pub.Newsroom)
	} else {
		say("publication", err, "")
	}
	damaged, pictures, err := checkBlobs(ctx, f)
	if err == nil && damaged > 0 {
		err = fmt.Errorf("%d of %d are not what their names say; restore blobs/ from a backup", damaged, pictures)
	}
	say("pictures", err, "%d are whole", pictures)
	return out
}

func message(err error) string {
	var e *dateline.Error
	if errors.As(err, &e) {
		return e.Message
	}
	return err.Error()
}

func checkKey(f folder) error {
	info, err := os.Stat(f.key())
	if err != nil {
		return fmt.Errorf("%s cannot be read (%v); without it nothing can be published, so put it back from a backup", f.key(), err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("%s may be read by others than its owner: chmod 600 %s", f.key(), f.key())
	}
	_, err = f.verifier()
	return err
}

// leastFree is how much of a disk should be free: less, and a morning's pictures may fill it.
const leastFree = 512 << 20

func freeSpace(f folder) (int64, error) {
	var st syscall.Statfs_t
	if err := syscall.Statfs(string(f), &st); err != nil {
		return 0, err
	}
	free := int64(st.Bavail) * int64(st.Bsize)
	if free < leastFree {
		return free, fmt.Errorf("only %d MB are free in %s; saving stops when it is full, so make room", free>>20, f.name())
	}
	return free, nil
}

func readPublication(ctx context.Context, f folder) (*dateline.Publication, error) {
	db, err := openToRead(ctx, f)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	return findPublication(ctx, db)
}

func checkBlobs(ctx context.Context, f folder) (damaged, all int, err error) {
	if _, err := os.Stat(f.blobs()); err != nil {
		return 0, 0, fmt.Errorf("%s is missing; restore it from a backup", filepath.Base(f.blobs()))
	}
	disk, err := blob.OpenDisk(f.blobs())
	if err != nil {
		return 0, 0, err
	}
	defer disk.Close()
	err = disk.Walk(ctx, func(h blob.Hash, _ int64) error {
		all++
		if errors.Is(blob.Verify(ctx, disk, h), blob.ErrDamaged) {
			damaged++
		}
		return nil
	})
	return damaged, all, err
}
