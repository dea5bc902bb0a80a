package faulttest

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// How often the power is cut, taken from the environment where a longer run is wanted, and how many editors work then.
const (
	cuts    = 12
	cutsEnv = "DATELINE_POWER_CUTS"
	editors = 4
)

// TestThePowerIsCut: whatever was acknowledged before the power is cut is there when it is back: saves, pictures, publications, withdrawals.
// The control commits without waiting for the disk and must lose saves, which shows that these tests would notice.
func TestThePowerIsCut(t *testing.T) {
	n := cuts
	if s := os.Getenv(cutsEnv); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil || n < 1 {
			t.Fatalf("%s is %q and not a number of cuts", cutsEnv, s)
		}
	}
	t.Run("as it is", func(t *testing.T) {
		saves, lost := cutPower(t, binary, n)
		t.Logf("%d cuts, %d saves acknowledged, %d lost; at 95 %%, fewer than %.4f of saves are lost", n, saves, len(lost), 3/float64(saves))
		if len(lost) > 0 {
			t.Errorf("lost:\n%s", strings.Join(lost, "\n"))
		}
	})
	t.Run("control", func(t *testing.T) {
		saves, lost := cutPower(t, careless, 1)
		t.Logf("without waiting for the disk: %d saves acknowledged, %d things lost", saves, len(lost))
		if len(lost) == 0 {
			t.Error("nothing is lost by a program that does not wait for the disk: this test notices nothing")
		}
	})
}

// cutPower cuts the power again and again while editors work, and tells what was acknowledged and is lost.
func cutPower(t *testing.T, binary string, times int) (saves int, lost []string) {
	d, mount := newDisk(t)
	p := newPaper(t, binary, filepath.Join(mount, "paper"))
	l := &ledger{pictures: map[string][]byte{}}
	at := p.serve()
	at.open()
	if binary == careless {
		d.set(func(d *disk) { d.root.settle() }) // so that only what is done from here on can be lost
	}
	for cut := range times {
		steps := make(chan struct{}, 1000)
		l.stepped = func() {
			select {
			case steps <- struct{}{}:
			default:
			}
		}
		var working sync.WaitGroup
		for range editors {
			working.Go(func() { l.work(at, 1000) })
		}
		for range 10 + rand.IntN(60) {
			select {
			case <-steps:
			case <-time.After(patience):
				t.Fatalf("nothing is acknowledged any more: %s", at.log)
			}
		}
		d.cut()
		at.kill()
		working.Wait()
		d.restore(t, mount)
		if at = p.begin(); at.site == "" {
			if binary != careless {
				t.Fatalf("after cut %d the program does not start: %s", cut+1, at.log)
			}
			return l.saves, append(lost, "the program does not start: "+at.log.String())
		}
		if lost = l.missing(at); len(lost) > 0 {
			return l.saves, lost
		}
	}
	at.stop()
	p.do("record", "verify")
	p.do("doctor")
	return l.saves, nil
}

// settle syncs everything under a folder, as time does.
func (f *file) settle() {
	f.sync()
	for _, child := range f.names {
		child.settle()
	}
}

// TestThePowerIsCutAfterAKeyIsRotated: a key that the record names is on disk, or nothing could be published ever after.
func TestThePowerIsCutAfterAKeyIsRotated(t *testing.T) {
	d, mount := newDisk(t)
	p := newPaper(t, binary, filepath.Join(mount, "paper"))
	p.do("key", "rotate")
	d.cut()
	d.restore(t, mount)
	at := p.serve()
	at.open()
	l := &ledger{pictures: map[string][]byte{}}
	if !l.work(at, 1) || l.acts == 0 {
		t.Errorf("nothing is published with the new key: %s", at.log)
	}
	at.stop()
	p.do("record", "verify")
}
