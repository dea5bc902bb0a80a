package stream

import (
	"sync"
	"time"
)

// desk is one writer and the readers it speaks to. Its queue takes what is published; its readers are only touched by the
// writer, but for those who join.
type desk struct {
	hub  *Hub
	wake chan struct{} // holds one value when the queue has something

	mu      sync.Mutex
	queue   []job
	joining []*listener
	last    map[string]int64 // the newest event of each topic that was put into the queue
	drops   int              // how often readers were let go because something was taken away
	closed  bool

	readers []*listener // the writer's own
	beaten  int         // the reader up to whom the beat has come
}

type job struct {
	topic  string
	number int64
	event  []byte
	drop   bool
}

func (d *desk) put(j job) {
	d.mu.Lock()
	d.queue = append(d.queue, j)
	if j.drop {
		d.drops++
	} else {
		d.last[j.topic] = max(d.last[j.topic], j.number)
	}
	d.mu.Unlock()
	d.rouse()
}

func (d *desk) rouse() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

func (d *desk) dropped() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.drops
}

// join puts a reader among those who listen, unless an event that it does not know was put into the queue meanwhile, or
// readers were let go since drops was asked for.
func (d *desk) join(l *listener, drops int) (joined, open bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return false, false
	}
	if d.last[l.topic] > l.at || d.drops != drops {
		return false, true
	}
	d.joining = append(d.joining, l)
	d.rouse()
	return true, true
}

// beats is in how many parts the readers are spoken to, so that not all of them are at once.
const beats = 20

func (d *desk) run() {
	tick := time.NewTicker(d.hub.conf.Beat / beats)
	defer tick.Stop()
	for {
		select {
		case <-d.hub.closed:
			d.end()
			return
		case <-d.wake:
			d.work()
		case <-tick.C:
			d.beat()
		}
	}
}

// work takes in who joined and gives out what was published. Whoever joined knew all that was in the queue then.
func (d *desk) work() {
	d.mu.Lock()
	queue, joining := d.queue, d.joining
	d.queue, d.joining = nil, nil
	d.mu.Unlock()
	d.readers = append(d.readers, joining...)
	for _, j := range queue {
		d.keep(func(l *listener) bool {
			switch {
			case l.topic != j.topic && j.topic != "":
				return true
			case j.drop:
				return false
			case j.number <= l.at || len(j.event) == 0:
				return true
			}
			l.at = j.number
			return l.write(j.event)
		})
	}
}

// keep asks f of every reader and lets go of those for whom it says no.
func (d *desk) keep(f func(*listener) bool) {
	kept := d.readers[:0]
	for _, l := range d.readers {
		if f(l) {
			kept = append(kept, l)
		} else {
			d.letGo(l)
		}
	}
	clear(d.readers[len(kept):])
	d.readers = kept
}

func (d *desk) letGo(l *listener) {
	l.close()
	d.hub.now.Add(-1)
}

// beat speaks to a part of the readers, so that both sides notice when the other is gone; nothing is shown of what is said.
func (d *desk) beat() {
	part := (len(d.readers) + beats - 1) / beats
	for range part {
		if len(d.readers) == 0 {
			return
		}
		d.beaten = (d.beaten + 1) % len(d.readers)
		l := d.readers[d.beaten]
		if !l.hungUp() && l.write(comeback(afterLoss, uint64(d.beaten), d.hub.Listening())) {
			continue
		}
		d.letGo(l)
		end := len(d.readers) - 1
		d.readers[d.beaten], d.readers[end] = d.readers[end], nil
		d.readers = d.readers[:end]
	}
}

// end says farewell to all.
func (d *desk) end() {
	d.work()
	d.mu.Lock()
	d.closed = true
	d.readers = append(d.readers, d.joining...)
	d.joining = nil
	d.mu.Unlock()
	n, readers := uint64(0), d.hub.Listening()
	d.keep(func(l *listener) bool {
		n++
		l.write(comeback(afterStop, n, readers))
		return false
	})
}
