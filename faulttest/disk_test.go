package faulttest

import (
	"context"
	"maps"
	"os"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
)

// disk is a file system in memory that keeps apart what programs see and what would be left after the power is cut: of a file what
// was synced, of a folder the names it had when it was synced (POSIX fsync; nothing is kept sooner than it must be). It can
// also be full or refuse to be written.
type disk struct {
	mu       sync.Mutex
	root     *file
	inodes   uint64
	writes   int  // asked for since it was mounted
	off      bool // the power is cut: nothing is answered
	room     int64
	readOnly bool
	server   *fuse.Server
}

// roomy is a disk that does not fill.
const roomy = 1 << 40

// file is a file, a folder or a socket.
type file struct {
	inode uint64
	mode  uint32
	time  time.Time
	data  []byte
	names map[string]*file // a folder's
	// What is left after the power is cut, and which spans of the data differ from it.
	synced      []byte
	syncedNames map[string]*file
	unsynced    [][2]int
}

// newDisk mounts a new disk on a new folder. Where this machine has no FUSE, the test is skipped with a line that says so; in
// CI it fails.
func newDisk(t *testing.T) (_ *disk, path string) {
	t.Helper()
	if _, err := os.Stat("/dev/fuse"); err != nil {
		const why = "/dev/fuse is missing: what a power cut leaves cannot be tried on this machine"
		if os.Getenv("CI") == "true" {
			t.Fatal(why)
		}
		t.Skip(why)
	}
	path = t.TempDir()
	d := &disk{room: roomy}
	d.root = d.newFile(syscall.S_IFDIR | 0o755)
	d.mount(t, path)
	t.Cleanup(func() {
		if err := d.server.Unmount(); err != nil {
			t.Errorf("unmount: %v", err)
		}
	})
	return d, path
}

func (d *disk) mount(t *testing.T, path string) {
	t.Helper()
	forever := time.Hour // nothing changes behind the kernel's back
	server, err := fs.Mount(path, &node{disk: d, file: d.root}, &fs.Options{EntryTimeout: &forever, AttrTimeout: &forever,
		MountOptions: fuse.MountOptions{DirectMount: true, FsName: "forgetful", MaxWrite: 1 << 20}})
	if err != nil {
		t.Fatalf("mount a file system at %s: %v", path, err)
	}
	d.server = server
}

// cut cuts the power: from this moment on nothing is answered. Once no program has a file open, restore mounts what is left.
func (d *disk) cut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.off = true
}

// restore mounts what a cut left.
func (d *disk) restore(t *testing.T, path string) {
	t.Helper()
	if err := d.server.Unmount(); err != nil {
		t.Fatalf("unmount: %v", err)
	}
	d.root.forget(map[*file]bool{})
	d.off, d.writes = false, 0
	d.mount(t, path)
}

// forget puts back what was synced.
func (f *file) forget(done map[*file]bool) {
	if done[f] {
		return
	}
	done[f] = true
	f.data, f.unsynced = slices.Clone(f.synced), nil
	f.names = maps.Clone(f.syncedNames)
	for _, child := range f.names {
		child.forget(done)
	}
}

// set changes how the disk behaves.
func (d *disk) set(change func(*disk)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change(d)
}

func (d *disk) newFile(mode uint32) *file {
	d.inodes++
	f := &file{inode: d.inodes, mode: mode, time: time.Now()}
	if mode&syscall.S_IFMT == syscall.S_IFDIR {
		f.names, f.syncedNames = map[string]*file{}, map[string]*file{}
	}
	return f
}

// resize changes the length of the data as truncate does.
func (f *file) resize(n int) {
	if old := len(f.data); n > old {
		f.data = slices.Grow(f.data, n-old)[:n]
		clear(f.data[old:])
		f.unsynced = append(f.unsynced, [2]int{old, n})
	}
	f.data = f.data[:n]
	f.time = time.Now()
}

func (f *file) sync() {
	n := len(f.data)
	f.synced = slices.Grow(f.synced[:min(len(f.synced), n)], max(0, n-len(f.synced)))[:n]
	for _, s := range f.unsynced {
		if s[0] < n {
			copy(f.synced[s[0]:], f.data[s[0]:min(s[1], n)])
		}
	}
	f.unsynced = nil
	f.syncedNames = maps.Clone(f.names)
}

// attributes tells a file's attributes to the kernel.
func (f *file) attributes(out *fuse.Attr) {
	out.Ino, out.Mode, out.Size, out.Nlink = f.inode, f.mode, uint64(len(f.data)), 1
	out.Uid, out.Gid = uint32(os.Getuid()), uint32(os.Getgid())
	out.Blksize, out.Blocks = 4096, (out.Size+511)/512
	out.SetTimes(&f.time, &f.time, &f.time)
}

// node answers the kernel for one file. Its methods are go-fuse's; each holds the disk's lock.
type node struct {
	fs.Inode
	disk *disk
	file *file
}

var (
	_ fs.NodeLookuper  = (*node)(nil)
	_ fs.NodeCreater   = (*node)(nil)
	_ fs.NodeMkdirer   = (*node)(nil)
	_ fs.NodeMknoder   = (*node)(nil)
	_ fs.NodeUnlinker  = (*node)(nil)
	_ fs.NodeRmdirer   = (*node)(nil)
	_ fs.NodeRenamer   = (*node)(nil)
	_ fs.NodeReaddirer = (*node)(nil)
	_ fs.NodeOpener    = (*node)(nil)
	_ fs.NodeReader    = (*node)(nil)
	_ fs.NodeWriter    = (*node)(nil)
	_ fs.NodeFsyncer   = (*node)(nil)
	_ fs.NodeFlusher   = (*node)(nil)
	_ fs.NodeGetattrer = (*node)(nil)
	_ fs.NodeSetattrer = (*node)(nil)
	_ fs.NodeStatfser  = (*node)(nil)
)

// read and write begin an answer; what they give back is to be deferred.
func (n *node) read() (unlock func(), e syscall.Errno) {
	n.disk.mu.Lock()
	if n.disk.off {
		e = syscall.EIO
	}
	return n.disk.mu.Unlock, e
}

func (n *node) write() (unlock func(), e syscall.Errno) {
	unlock, e = n.read()
	n.disk.writes++
	if e == 0 && n.disk.readOnly {
		e = syscall.EROFS
	}
	return unlock, e
}

// take reserves room on the disk, or gives it back.
func (d *disk) take(bytes int) syscall.Errno {
	if bytes > 0 && int64(bytes) > d.room {
		return syscall.ENOSPC
	}
	d.room -= int64(bytes)
	return 0
}

func (n *node) child(ctx context.Context, f *file, out *fuse.EntryOut) *fs.Inode {
	f.attributes(&out.Attr)
	return n.NewInode(ctx, &node{disk: n.disk, file: f}, fs.StableAttr{Mode: f.mode, Ino: f.inode})
}

func (n *node) Lookup(ctx context.Context, name string, out *fuse.EntryOut) (*fs.Inode, syscall.Errno) {
	unlock, e := n.read()
	defer unlock()
	if e != 0 {
		return nil, e
	}
	f, ok := n.file.names[name]
	if !ok {
		return nil, syscall.ENOENT
	}
	return n.child(ctx, f, out), 0
}

func (n *node) make(ctx context.Context, name string, mode uint32, out *fuse.EntryOut) (*fs.Inode, syscall.Errno) {
	unlock, e := n.write()
	defer unlock()
	if e == 0 {
		e = n.disk.take(256) // a name is not free
	}
	if e != 0 {
		return nil, e
	}
	f := n.disk.newFile(mode)
	n.file.names[name] = f
	return n.child(ctx, f, out), 0
}

func (n *node) Create(ctx context.Context, name string, flags, mode uint32, out *fuse.EntryOut) (*fs.Inode, fs.FileHandle, uint32, syscall.Errno) {
	made, e := n.make(ctx, name, syscall.S_IFREG|mode&0o777, out)
	return made, nil, fuse.FOPEN_KEEP_CACHE, e
}

func (n *node) Mkdir(ctx context.Context, name string, mode uint32, out *fuse.EntryOut) (*fs.Inode, syscall.Errno) {
	return n.make(ctx, name, syscall.S_IFDIR|mode&0o777, out)
}

func (n *node) Mknod(ctx context.Context, name string, mode, dev uint32, out *fuse.EntryOut) (*fs.Inode, syscall.Errno) {
	return n.make(ctx, name, mode, out)
}

func (n *node) Unlink(ctx context.Context, name string) syscall.Errno {
	unlock, e := n.write()
	defer unlock()
	if e != 0 {
		return e
	}
	f, ok := n.file.names[name]
	if !ok {
		return syscall.ENOENT
	}
	if len(f.names) > 0 {
		return syscall.ENOTEMPTY
	}
	delete(n.file.names, name)
	return n.disk.take(-len(f.data) - 256)
}

func (n *node) Rmdir(ctx context.Context, name string) syscall.Errno { return n.Unlink(ctx, name) }

func (n *node) Rename(ctx context.Context, name string, to fs.InodeEmbedder, newName string, flags uint32) syscall.Errno {
	unlock, e := n.write()
	defer unlock()
	if e != 0 {
		return e
	}
	if flags != 0 {
		return syscall.EINVAL
	}
	target := to.(*node).file
	if old, ok := target.names[newName]; ok {
		if len(old.names) > 0 {
			return syscall.ENOTEMPTY
		}
		n.disk.take(-len(old.data) - 256)
	}
	target.names[newName] = n.file.names[name]
	delete(n.file.names, name)
	return 0
}

func (n *node) Readdir(ctx context.Context) (fs.DirStream, syscall.Errno) {
	unlock, e := n.read()
	defer unlock()
	if e != 0 {
		return nil, e
	}
	var list []fuse.DirEntry
	for _, name := range slices.Sorted(maps.Keys(n.file.names)) {
		f := n.file.names[name]
		list = append(list, fuse.DirEntry{Name: name, Ino: f.inode, Mode: f.mode})
	}
	return fs.NewListDirStream(list), 0
}

func (n *node) Open(ctx context.Context, flags uint32) (fs.FileHandle, uint32, syscall.Errno) {
	unlock, e := n.read()
	defer unlock()
	if e == 0 && n.disk.readOnly && flags&syscall.O_ACCMODE != syscall.O_RDONLY {
		e = syscall.EROFS
	}
	return nil, fuse.FOPEN_KEEP_CACHE, e
}

func (n *node) Read(ctx context.Context, _ fs.FileHandle, into []byte, at int64) (fuse.ReadResult, syscall.Errno) {
	unlock, e := n.read()
	defer unlock()
	if e != 0 || at >= int64(len(n.file.data)) {
		return fuse.ReadResultData(nil), e
	}
	return fuse.ReadResultData(into[:copy(into, n.file.data[at:])]), 0
}

func (n *node) Write(ctx context.Context, _ fs.FileHandle, data []byte, at int64) (uint32, syscall.Errno) {
	unlock, e := n.write()
	defer unlock()
	f, end := n.file, int(at)+len(data)
	if e == 0 {
		e = n.disk.take(max(0, end-len(f.data)))
	}
	if e != 0 {
		return 0, e
	}
	if end > len(f.data) {
		f.resize(end)
	}
	copy(f.data[at:], data)
	f.unsynced = append(f.unsynced, [2]int{int(at), end})
	f.time = time.Now()
	return uint32(len(data)), 0
}

func (n *node) Fsync(ctx context.Context, _ fs.FileHandle, flags uint32) syscall.Errno {
	unlock, e := n.write()
	defer unlock()
	if e == 0 {
		n.file.sync()
	}
	return e
}

// Flush is asked at each close, which syncs nothing.
func (n *node) Flush(ctx context.Context, _ fs.FileHandle) syscall.Errno { return 0 }

func (n *node) Getattr(ctx context.Context, _ fs.FileHandle, out *fuse.AttrOut) syscall.Errno {
	unlock, e := n.read()
	defer unlock()
	n.file.attributes(&out.Attr)
	return e
}

func (n *node) Setattr(ctx context.Context, _ fs.FileHandle, in *fuse.SetAttrIn, out *fuse.AttrOut) syscall.Errno {
	unlock, e := n.write()
	defer unlock()
	if e != 0 {
		return e
	}
	if mode, ok := in.GetMode(); ok {
		n.file.mode = n.file.mode&syscall.S_IFMT | mode&0o7777
	}
	if size, ok := in.GetSize(); ok {
		if e := n.disk.take(int(size) - len(n.file.data)); e != 0 {
			return e
		}
		n.file.resize(int(size))
	}
	n.file.attributes(&out.Attr)
	return 0
}

func (n *node) Statfs(ctx context.Context, out *fuse.StatfsOut) syscall.Errno {
	unlock, e := n.read()
	defer unlock()
	out.Bsize, out.Frsize, out.NameLen = 4096, 4096, 255
	out.Blocks, out.Bfree, out.Bavail = roomy/4096, uint64(n.disk.room)/4096, uint64(n.disk.room)/4096
	return e
}
