//! Go 1.27.

use super::Profile;
use crate::types2;

/// Go 1.27.
pub static GO1_27: Profile = Profile {
    check: types2::check,
    exports: EXPORTS,
    standard: STANDARD,
    checks_directives: true,
};

/// Exported names of the importable packages.
const EXPORTS: &[(&str, &str)] = &[
    (
        "fmt",
        "Append Appendf Appendln Errorf FormatString Formatter Fprint Fprintf Fprintln Fscan Fscanf Fscanln \
         GoStringer Print Printf Println Scan ScanState Scanf Scanln Scanner Sprint Sprintf Sprintln Sscan \
         Sscanf Sscanln State Stringer",
    ),
    (
        "os",
        "Args Chdir Chmod Chown Chtimes Clearenv CopyFS Create CreateTemp DevNull DirEntry DirFS Environ \
         ErrClosed ErrDeadlineExceeded ErrExist ErrInvalid ErrNoDeadline ErrNotExist ErrPermission \
         ErrProcessDone Executable Exit Expand ExpandEnv File FileInfo FileMode FindProcess Getegid Getenv \
         Geteuid Getgid Getgroups Getpagesize Getpid Getppid Getuid Getwd Hostname Interrupt IsExist \
         IsNotExist IsPathSeparator IsPermission IsTimeout Kill Lchown Link LinkError LookupEnv Lstat Mkdir \
         MkdirAll MkdirTemp ModeAppend ModeCharDevice ModeDevice ModeDir ModeExclusive ModeIrregular \
         ModeNamedPipe ModePerm ModeSetgid ModeSetuid ModeSocket ModeSticky ModeSymlink ModeTemporary \
         ModeType NewFile NewSyscallError O_APPEND O_CREATE O_EXCL O_RDONLY O_RDWR O_SYNC O_TRUNC O_WRONLY \
         Open OpenFile OpenInRoot OpenRoot PathError PathListSeparator PathSeparator Pipe ProcAttr Process \
         ProcessState ReadDir ReadFile Readlink Remove RemoveAll Rename Root SEEK_CUR SEEK_END SEEK_SET \
         SameFile Setenv Signal StartProcess Stat Stderr Stdin Stdout Symlink SyscallError TempDir Truncate \
         Unsetenv UserCacheDir UserConfigDir UserHomeDir WriteFile",
    ),
];

/// The packages of the standard library, except for internal ones.
const STANDARD: &str = "\
    archive/tar archive/zip arena bufio bytes cmp compress/bzip2 compress/flate compress/gzip \
    compress/lzw compress/zlib container/heap container/list container/ring context crypto crypto/aes \
    crypto/boring crypto/cipher crypto/des crypto/dsa crypto/ecdh crypto/ecdsa crypto/ed25519 \
    crypto/elliptic crypto/fips140 crypto/hkdf crypto/hmac crypto/hpke crypto/md5 crypto/md5/_asm \
    crypto/mldsa crypto/mlkem crypto/mlkem/mlkemtest crypto/pbkdf2 crypto/rand crypto/rc4 crypto/rsa \
    crypto/sha1 crypto/sha1/_asm crypto/sha256 crypto/sha3 crypto/sha512 crypto/subtle crypto/tls \
    crypto/tls/fipsonly crypto/x509 crypto/x509/pkix database/sql database/sql/driver debug/buildinfo \
    debug/dwarf debug/elf debug/gosym debug/macho debug/pe debug/plan9obj embed encoding \
    encoding/ascii85 encoding/asn1 encoding/base32 encoding/base64 encoding/binary encoding/csv \
    encoding/gob encoding/hex encoding/json encoding/json/jsontext encoding/json/v2 encoding/pem \
    encoding/xml errors expvar flag fmt go/ast go/build go/build/constraint go/constant go/doc \
    go/doc/comment go/format go/importer go/parser go/printer go/scanner go/token go/types go/version \
    hash hash/adler32 hash/crc32 hash/crc64 hash/fnv hash/maphash html html/template image image/color \
    image/color/palette image/draw image/gif image/jpeg image/png index/suffixarray io io/fs io/ioutil \
    iter log log/slog log/syslog maps math math/big math/bits math/cmplx math/rand math/rand/v2 mime \
    mime/multipart mime/quotedprintable net net/http net/http/cgi net/http/cookiejar net/http/fcgi \
    net/http/httptest net/http/httptrace net/http/httputil net/http/pprof net/mail net/netip net/rpc \
    net/rpc/jsonrpc net/smtp net/textproto net/url os os/exec os/signal os/user path path/filepath \
    plugin reflect regexp regexp/syntax runtime runtime/_mkmalloc runtime/_mkmalloc/astutil runtime/asan \
    runtime/cgo runtime/coverage runtime/debug runtime/metrics runtime/msan runtime/pprof runtime/race \
    runtime/secret runtime/trace simd simd/archsimd simd/archsimd/_gen simd/archsimd/_gen/midway \
    simd/archsimd/_gen/sgutil simd/archsimd/_gen/simdgen simd/archsimd/_gen/simdgen/arm64 \
    simd/archsimd/_gen/tmplgen simd/archsimd/_gen/unify simd/archsimd/_gen/wasmgen slices sort strconv \
    strings structs sync sync/atomic syscall syscall/js testing testing/cryptotest testing/fstest \
    testing/iotest testing/quick testing/slogtest testing/synctest text/scanner text/tabwriter \
    text/template text/template/parse time time/tzdata unicode unicode/utf16 unicode/utf8 unique unsafe \
    uuid weak";
