package db

import (
	"path/filepath"
	"syscall"
)

// volatile are file systems on which a database file is not safe, by the number that statfs
// gives them (statfs(2)): in memory, or across a network where locks cannot be relied upon.
var volatile = map[int64]string{
	0x01021994: "tmpfs", 0x858458f6: "ramfs", 0x6969: "nfs", 0xff534d42: "cifs", 0xfe534d42: "smb2", 0x517b: "smb", 0x65735546: "fuse", 0x01021997: "9p",
}

// disk tells how many bytes are left where a file lies, and whether it lies unsafely.
func disk(path string) (free int64, kind string) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(filepath.Dir(path), &s); err != nil {
		return -1, ""
	}
	return int64(s.Bavail) * int64(s.Bsize), volatile[int64(uint32(s.Type))]
}
