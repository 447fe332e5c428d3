//! Look-up of importable packages (gc: main.go, importfile and findpkg).

use minigo_base::path::clean;

/// The environment in which imports are looked up.
#[derive(Clone, Copy, Debug)]
pub struct Imports<'a> {
    /// The absolute folder from which relative paths start.
    pub folder: &'a str,
    /// Reports whether a file or folder with that path exists.
    pub exists: fn(&str) -> bool,
}

impl Imports<'_> {
    /// Returns the full path of a package. Relative imports start at the folder.
    pub(super) fn resolve(&self, path: &str) -> String {
        match is_local(path) {
            true => cleaned(&format!("{}/{path}", self.folder)),
            false => path.to_owned(),
        }
    }

    /// Reports whether gc might find the package, or its source exists.
    pub(super) fn finds(&self, path: &str) -> bool {
        let exists = |suffix| (self.exists)(&format!("{path}{suffix}"));
        match is_local(path) {
            true => [".a", ".o", ""].into_iter().any(exists),
            false => STANDARD.split(' ').any(|known| known == path),
        }
    }
}

/// Reports whether a path is one in the file system.
pub(super) fn is_local(path: &str) -> bool {
    let first = path.split('/').next();
    matches!(first, Some("" | "." | ".."))
}

/// Returns the shortest equivalent path.
pub(super) fn cleaned(path: &str) -> String {
    clean(path).to_string_lossy().into_owned()
}

/// The standard library of Go 1.15.
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
