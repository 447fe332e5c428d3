//! Go 1.15, and Go 1.10, which differs in nothing here.

use super::Profile;
use crate::check;

/// Go 1.15.
pub static GO1_15: Profile = Profile {
    check: check::check,
    exports: EXPORTS,
    standard: STANDARD,
    checks_directives: false,
};

/// Exported names of the importable packages.
const EXPORTS: &[(&str, &str)] = &[
    (
        "fmt",
        "Errorf Formatter Fprint Fprintf Fprintln Fscan Fscanf Fscanln GoStringer Print Printf Println \
         Scan ScanState Scanf Scanln Scanner Sprint Sprintf Sprintln Sscan Sscanf Sscanln State Stringer",
    ),
    (
        "os",
        "Args Chdir Chmod Chown Chtimes Clearenv Create DevNull Environ ErrClosed ErrDeadlineExceeded \
         ErrExist ErrInvalid ErrNoDeadline ErrNotExist ErrPermission ErrProcessDone Executable Exit \
         Expand ExpandEnv File FileInfo FileMode FindProcess Getegid Getenv Geteuid Getgid Getgroups \
         Getpagesize Getpid Getppid Getuid Getwd Hostname Interrupt IsExist IsNotExist IsPathSeparator \
         IsPermission IsTimeout Kill Lchown Link LinkError LookupEnv Lstat Mkdir MkdirAll ModeAppend \
         ModeCharDevice ModeDevice ModeDir ModeExclusive ModeIrregular ModeNamedPipe ModePerm ModeSetgid \
         ModeSetuid ModeSocket ModeSticky ModeSymlink ModeTemporary ModeType NewFile NewSyscallError \
         O_APPEND O_CREATE O_EXCL O_RDONLY O_RDWR O_SYNC O_TRUNC O_WRONLY Open OpenFile PathError \
         PathListSeparator PathSeparator Pipe ProcAttr Process ProcessState Readlink Remove RemoveAll \
         Rename SEEK_CUR SEEK_END SEEK_SET SameFile Setenv Signal StartProcess Stat Stderr Stdin Stdout \
         Symlink SyscallError TempDir Truncate Unsetenv UserCacheDir UserConfigDir UserHomeDir",
    ),
];

/// The packages of the standard library.
const STANDARD: &str = "\
    archive/tar archive/zip bufio bytes compress/bzip2 compress/flate compress/gzip compress/lzw \
    compress/zlib container/heap container/list container/ring context crypto crypto/aes \
    crypto/cipher crypto/des crypto/dsa crypto/ecdsa crypto/ed25519 \
    crypto/ed25519/internal/edwards25519 crypto/elliptic crypto/hmac crypto/internal/randutil \
    crypto/internal/subtle crypto/md5 crypto/rand crypto/rc4 crypto/rsa crypto/sha1 crypto/sha256 \
    crypto/sha512 crypto/subtle crypto/tls crypto/x509 crypto/x509/pkix database/sql \
    database/sql/driver debug/dwarf debug/elf debug/gosym debug/macho debug/pe debug/plan9obj \
    encoding encoding/ascii85 encoding/asn1 encoding/base32 encoding/base64 encoding/binary \
    encoding/csv encoding/gob encoding/hex encoding/json encoding/pem encoding/xml errors expvar \
    flag fmt go/ast go/build go/constant go/doc go/format go/importer go/parser go/printer \
    go/scanner go/token go/types hash hash/adler32 hash/crc32 hash/crc64 hash/fnv hash/maphash html \
    html/template image image/color image/color/palette image/draw image/gif \
    image/internal/imageutil image/jpeg image/png index/suffixarray internal/bytealg internal/cfg \
    internal/cpu internal/fmtsort internal/goroot internal/goversion internal/lazyregexp \
    internal/lazytemplate internal/nettrace internal/obscuretestdata internal/oserror internal/poll \
    internal/profile internal/race internal/reflectlite internal/singleflight \
    internal/syscall/execenv internal/syscall/unix internal/testenv internal/testlog internal/trace \
    internal/unsafeheader internal/xcoff io io/ioutil log log/syslog math math/big math/bits \
    math/cmplx math/rand mime mime/multipart mime/quotedprintable net net/http net/http/cgi \
    net/http/cookiejar net/http/fcgi net/http/httptest net/http/httptrace net/http/httputil \
    net/http/internal net/http/pprof net/internal/socktest net/mail net/rpc net/rpc/jsonrpc \
    net/smtp net/textproto net/url os os/exec os/signal os/signal/internal/pty os/user path \
    path/filepath plugin reflect regexp regexp/syntax runtime runtime/cgo runtime/debug \
    runtime/internal/atomic runtime/internal/math runtime/internal/sys runtime/pprof runtime/trace \
    sort strconv strings sync sync/atomic syscall testing testing/internal/testdeps testing/iotest \
    testing/quick text/scanner text/tabwriter text/template text/template/parse time time/tzdata \
    unicode unicode/utf16 unicode/utf8 unsafe";
