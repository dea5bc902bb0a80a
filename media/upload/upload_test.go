package upload

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
)

var morning = time.Date(2026, 6, 30, 6, 0, 0, 0, time.UTC)

func open(t *testing.T, dir string) *Folder {
	t.Helper()
	f, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func refused(t *testing.T, code dateline.Code, err error) {
	t.Helper()
	if dateline.ErrorCode(err) != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

func TestAnUploadGoesOnWhereItStopped(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	whole := bytes.Repeat([]byte("ferry "), 100)
	if _, err := f.Start("a", "ravi", "ferry.jpg", int64(len(whole)), morning); err != nil {
		t.Fatal(err)
	}
	if u, err := f.Append("a", "ravi", 0, whole[:250], morning); err != nil || u.Offset != 250 {
		t.Fatalf("%+v, %v", u, err)
	}
	_, err := f.Append("a", "ravi", 0, whole[:250], morning)
	refused(t, dateline.EConflict, err)
	_, err = f.Append("a", "ravi", 250, append(whole, '!')[250:], morning)
	refused(t, dateline.ETooLarge, err)
	_, err = f.Append("a", "ravi", 250, make([]byte, MaxPart+1), morning)
	refused(t, dateline.ETooLarge, err)
	// The program is started anew; a part of which the disk has half is not acknowledged and is written again.
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	f = open(t, dir)
	u, err := f.Find("a", "ravi", morning)
	if err != nil || u.Offset != 250 || u.Name != "ferry.jpg" || u.Size != int64(len(whole)) {
		t.Fatalf("%+v, %v", u, err)
	}
	if u, err = f.Append("a", "ravi", 250, whole[250:], morning); err != nil || u.Offset != u.Size {
		t.Fatalf("%+v, %v", u, err)
	}
	r, err := f.Bytes("a")
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(r)
	r.Close()
	if err != nil || !bytes.Equal(got, whole) {
		t.Errorf("%d bytes came together, %v", len(got), err)
	}
	if err := f.Done("a", "0190"); err != nil {
		t.Fatal(err)
	}
	f.Close()
	f = open(t, dir)
	if u, err := f.Find("a", "ravi", morning); err != nil || u.Picture != "0190" || u.Offset != u.Size {
		t.Errorf("afterwards %+v, %v", u, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "a.part")); err == nil {
		t.Error("its bytes are still here")
	}
}

func TestAnUploadIsItsOwnersAndExpires(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	if _, err := f.Start("a", "ravi", "x", 10, morning); err != nil {
		t.Fatal(err)
	}
	_, err := f.Find("a", "elena", morning)
	refused(t, dateline.ENotFound, err)
	_, err = f.Append("a", "elena", 0, []byte("x"), morning)
	refused(t, dateline.ENotFound, err)
	if err := f.Delete("a", "elena"); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Append("a", "ravi", 0, []byte("x"), morning.Add(20*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Find("a", "ravi", morning.Add(30*time.Hour)); err != nil {
		t.Error("a part does not keep it alive")
	}
	_, err = f.Find("a", "ravi", morning.Add(44*time.Hour))
	refused(t, dateline.ENotFound, err)
	if _, err := f.Start("b", "ravi", "x", 10, morning.Add(44*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := f.Delete("b", "ravi"); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left are %v, %v", left, err)
	}
}

func TestUploadsAreBounded(t *testing.T) {
	f := open(t, t.TempDir())
	for n := range MaxOpen {
		if _, err := f.Start(fmt.Sprint("r", n), "ravi", "x", 10, morning); err != nil {
			t.Fatal(err)
		}
	}
	_, err := f.Start("one more", "ravi", "x", 10, morning)
	refused(t, dateline.ETooLarge, err)
	if err := f.Done("r0", "0190"); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Start("instead", "ravi", "x", 10, morning); err != nil {
		t.Errorf("after one was done: %v", err)
	}
	_, err = f.Start("large", "elena", "x", MaxOwn+1, morning)
	refused(t, dateline.ETooLarge, err)
	for n := range MaxAll / MaxOwn {
		if _, err := f.Start(fmt.Sprint("e", n), fmt.Sprint(n), "x", MaxOwn, morning); err != nil {
			t.Fatal(err)
		}
	}
	_, err = f.Start("too much", "carmen", "x", MaxOwn, morning)
	refused(t, dateline.ETooLarge, err)
}

func TestWhatACrashLeavesInHalvesIsRemoved(t *testing.T) {
	dir := t.TempDir()
	for name, data := range map[string]string{"a.part": "bytes of nobody", "b.json": `{"id":"b"}`, "c.json": "{", "d.json.new": "{}", "e.json": `{"id":"other"}`, "e.part": ""} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	open(t, dir)
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left are %v, %v", left, err)
	}
}
