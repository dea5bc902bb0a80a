package ship

import (
	"os"
	"strings"
	"testing"
)

func damage(t *testing.T, path string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(strings.Repeat("no database ", 1000)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// spoil overwrites all of a database but some pages at its head.
func spoil(t *testing.T, path string, kept int) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const page = 8192
	if len(b) < (kept+5)*page {
		t.Fatalf("the file has only %d bytes", len(b))
	}
	for i := kept * page; i < len(b); i++ {
		b[i] = 0xa5
	}
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
}
