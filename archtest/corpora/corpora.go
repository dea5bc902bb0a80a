// Package corpora finds the outside input that tests read: the folder named by DATELINE_CORPORA, or
// ../shared/corpora beside the project's root.
package corpora

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// Variable is the environment variable that names the folder of the corpora.
const Variable = "DATELINE_CORPORA"

// Dir returns the folder of one corpus. A folder that was named and is missing fails the test; where only the
// default is missing the test says so in one line and ends.
func Dir(t testing.TB, name string) (dir string) {
	t.Helper()
	root, named := os.LookupEnv(Variable)
	if !named || root == "" {
		_, file, _, _ := runtime.Caller(0)
		root = filepath.Join(filepath.Dir(file), "..", "..", "..", "shared", "corpora")
		named = false
	}
	dir = filepath.Join(root, name)
	if _, err := os.Stat(dir); err != nil {
		if named {
			t.Fatalf("%s is set to %s, which has no folder %s: %v", Variable, root, name, err)
		}
		t.Skipf("the corpora are not here (%s is missing; set %s to their folder)", dir, Variable)
	}
	return dir
}

// Read logs how many files of a corpus a test has read, and fails it when there were none.
func Read(t testing.TB, files int, name string) {
	t.Helper()
	if files == 0 {
		t.Fatalf("corpus %s: no file was read", name)
	}
	t.Logf("corpus %s: %d files read", name, files)
}
