//! Vectors of floating-point numbers and moves of vectors, in all lengths.

use super::avx::{AvxRows, both, evex, vex};
use crate::amd64::As::*;

/// See [`super::avx`] for the notation.
pub(super) const ROWS: AvxRows = &[
    (V4FMADDPS, evex("M Tz Vz", "z F2 0F 38 9A n16 kz")),
    (V4FMADDSS, evex("M Tx Vx", "x F2 0F 38 9B n16 kz")),
    (V4FNMADDPS, evex("M Tz Vz", "z F2 0F 38 AA n16 kz")),
    (V4FNMADDSS, evex("M Tx Vx", "x F2 0F 38 AB n16 kz")),
    (
        VADDPD,
        both("Wv Hv Vv", "xy 66 0F 58", "xyz 66 W 0F 58 nv b8 kz r"),
    ),
    (VADDPS, both("Wv Hv Vv", "xy 0F 58", "xyz 0F 58 nv b4 kz r")),
    (
        VADDSD,
        both("Wx Hx Vx", "x F2 0F 58", "x F2 W 0F 58 n8 kz r"),
    ),
    (VADDSS, both("Wx Hx Vx", "x F3 0F 58", "x F3 0F 58 n4 kz r")),
    (
        VAESDEC,
        both("Wv Hv Vv", "xy 66 0F 38 DE", "xyz 66 0F 38 DE nv"),
    ),
    (
        VAESDECLAST,
        both("Wv Hv Vv", "xy 66 0F 38 DF", "xyz 66 0F 38 DF nv"),
    ),
    (
        VAESENC,
        both("Wv Hv Vv", "xy 66 0F 38 DC", "xyz 66 0F 38 DC nv"),
    ),
    (
        VAESENCLAST,
        both("Wv Hv Vv", "xy 66 0F 38 DD", "xyz 66 0F 38 DD nv"),
    ),
    (VALIGND, evex("i Wv Hv Vv", "xyz 66 0F 3A 03 nv b4 kz")),
    (VALIGNQ, evex("i Wv Hv Vv", "xyz 66 W 0F 3A 03 nv b8 kz")),
    (
        VANDNPD,
        both("Wv Hv Vv", "xy 66 0F 55", "xyz 66 W 0F 55 nv b8 kz"),
    ),
    (VANDNPS, both("Wv Hv Vv", "xy 0F 55", "xyz 0F 55 nv b4 kz")),
    (
        VANDPD,
        both("Wv Hv Vv", "xy 66 0F 54", "xyz 66 W 0F 54 nv b8 kz"),
    ),
    (VANDPS, both("Wv Hv Vv", "xy 0F 54", "xyz 0F 54 nv b4 kz")),
    (VBLENDMPD, evex("Wv Hv Vv", "xyz 66 W 0F 38 65 nv b8 kz")),
    (VBLENDMPS, evex("Wv Hv Vv", "xyz 66 0F 38 65 nv b4 kz")),
    (VBROADCASTF32X2, evex("Wx Vv", "yz 66 0F 38 19 n8 kz")),
    (VBROADCASTF32X4, evex("M Vv", "yz 66 0F 38 1A n16 kz")),
    (VBROADCASTF32X8, evex("M Vz", "z 66 0F 38 1B n32 kz")),
    (VBROADCASTF64X2, evex("M Vv", "yz 66 W 0F 38 1A n16 kz")),
    (VBROADCASTF64X4, evex("M Vz", "z 66 W 0F 38 1B n32 kz")),
    (VBROADCASTI32X2, evex("Wx Vv", "xyz 66 0F 38 59 n8 kz")),
    (VBROADCASTI32X4, evex("M Vv", "yz 66 0F 38 5A n16 kz")),
    (VBROADCASTI32X8, evex("M Vz", "z 66 0F 38 5B n32 kz")),
    (VBROADCASTI64X2, evex("M Vv", "yz 66 W 0F 38 5A n16 kz")),
    (VBROADCASTI64X4, evex("M Vz", "z 66 W 0F 38 5B n32 kz")),
    (
        VBROADCASTSD,
        vex("Wx Vy", "y 66 0F 38 19").evex("Wx Vv", "yz 66 W 0F 38 19 n8 kz"),
    ),
    (
        VBROADCASTSS,
        both("Wx Vv", "xy 66 0F 38 18", "xyz 66 0F 38 18 n4 kz"),
    ),
    (
        VCMPPD,
        vex("i Wv Hv Vv", "xy 66 0F C2").evex("i Wv Hv Vk", "xyz 66 W 0F C2 nv b8 k s"),
    ),
    (
        VCMPPS,
        vex("i Wv Hv Vv", "xy 0F C2").evex("i Wv Hv Vk", "xyz 0F C2 nv b4 k s"),
    ),
    (
        VCMPSD,
        vex("i Wx Hx Vx", "x F2 0F C2").evex("i Wx Hx Vk", "x F2 W 0F C2 n8 k s"),
    ),
    (
        VCMPSS,
        vex("i Wx Hx Vx", "x F3 0F C2").evex("i Wx Hx Vk", "x F3 0F C2 n4 k s"),
    ),
    (VCOMISD, both("Wx Vx", "x 66 0F 2F", "x 66 W 0F 2F n8 s")),
    (VCOMISS, both("Wx Vx", "x 0F 2F", "x 0F 2F n4 s")),
    (VCOMPRESSPD, evex("Vv Wv", "xyz 66 W 0F 38 8A n8 kz")),
    (VCOMPRESSPS, evex("Vv Wv", "xyz 66 0F 38 8A n4 kz")),
    (
        VCVTDQ2PD,
        vex("Wx Vv", "xy F3 0F E6").evex("Wh Vv", "xyz F3 0F E6 nh b4 kz"),
    ),
    (VCVTDQ2PS, both("Wv Vv", "xy 0F 5B", "xyz 0F 5B nv b4 kz r")),
    (VCVTPD2DQ, evex("Wz Vy", "z F2 W 0F E6 n64 b8 kz r")),
    (
        VCVTPD2DQX,
        both("Wx Vx", "x F2 0F E6", "x F2 W 0F E6 n16 b8 kz"),
    ),
    (
        VCVTPD2DQY,
        both("Wy Vx", "y F2 0F E6", "y F2 W 0F E6 n32 b8 kz"),
    ),
    (VCVTPD2PS, evex("Wz Vy", "z 66 W 0F 5A n64 b8 kz r")),
    (
        VCVTPD2PSX,
        both("Wx Vx", "x 66 0F 5A", "x 66 W 0F 5A n16 b8 kz"),
    ),
    (
        VCVTPD2PSY,
        both("Wy Vx", "y 66 0F 5A", "y 66 W 0F 5A n32 b8 kz"),
    ),
    (VCVTPD2QQ, evex("Wv Vv", "xyz 66 W 0F 7B nv b8 kz r")),
    (VCVTPD2UDQ, evex("Wz Vy", "z W 0F 79 n64 b8 kz r")),
    (VCVTPD2UDQX, evex("Wx Vx", "x W 0F 79 n16 b8 kz")),
    (VCVTPD2UDQY, evex("Wy Vx", "y W 0F 79 n32 b8 kz")),
    (VCVTPD2UQQ, evex("Wv Vv", "xyz 66 W 0F 79 nv b8 kz r")),
    (
        VCVTPH2PS,
        vex("Wx Vv", "xy 66 0F 38 13").evex("Wh Vv", "xyz 66 0F 38 13 nh kz s"),
    ),
    (
        VCVTPS2DQ,
        both("Wv Vv", "xy 66 0F 5B", "xyz 66 0F 5B nv b4 kz r"),
    ),
    (
        VCVTPS2PD,
        vex("Wx Vv", "xy 0F 5A").evex("Wh Vv", "xyz 0F 5A nh b4 kz s"),
    ),
    (
        VCVTPS2PH,
        vex("s Vv Wx", "xy 66 0F 3A 1D").evex("i Vv Wh", "xyz 66 0F 3A 1D nh kz s"),
    ),
    (VCVTPS2QQ, evex("Wh Vv", "xyz 66 0F 7B nh b4 kz r")),
    (VCVTPS2UDQ, evex("Wv Vv", "xyz 0F 79 nv b4 kz r")),
    (VCVTPS2UQQ, evex("Wh Vv", "xyz 66 0F 79 nh b4 kz r")),
    (VCVTQQ2PD, evex("Wv Vv", "xyz F3 W 0F E6 nv b8 kz r")),
    (VCVTQQ2PS, evex("Wz Vy", "z W 0F 5B n64 b8 kz r")),
    (VCVTQQ2PSX, evex("Wx Vx", "x W 0F 5B n16 b8 kz")),
    (VCVTQQ2PSY, evex("Wy Vx", "y W 0F 5B n32 b8 kz")),
    (VCVTSD2SI, both("Wx Gd", "x F2 0F 2D", "x F2 0F 2D n8 r")),
    (
        VCVTSD2SIQ,
        both("Wx Gd", "x F2 W 0F 2D", "x F2 W 0F 2D n8 r"),
    ),
    (
        VCVTSD2SS,
        both("Wx Hx Vx", "x F2 0F 5A", "x F2 W 0F 5A n8 kz r"),
    ),
    (VCVTSD2USIL, evex("Wx Gd", "x F2 0F 79 n8 r")),
    (VCVTSD2USIQ, evex("Wx Gd", "x F2 W 0F 79 n8 r")),
    (VCVTSI2SDL, both("Ed Hx Vx", "x F2 0F 2A", "x F2 0F 2A n4")),
    (
        VCVTSI2SDQ,
        both("Ed Hx Vx", "x F2 W 0F 2A", "x F2 W 0F 2A n8 r"),
    ),
    (
        VCVTSI2SSL,
        both("Ed Hx Vx", "x F3 0F 2A", "x F3 0F 2A n4 r"),
    ),
    (
        VCVTSI2SSQ,
        both("Ed Hx Vx", "x F3 W 0F 2A", "x F3 W 0F 2A n8 r"),
    ),
    (
        VCVTSS2SD,
        both("Wx Hx Vx", "x F3 0F 5A", "x F3 0F 5A n4 kz s"),
    ),
    (VCVTSS2SI, both("Wx Gd", "x F3 0F 2D", "x F3 0F 2D n4 r")),
    (
        VCVTSS2SIQ,
        both("Wx Gd", "x F3 W 0F 2D", "x F3 W 0F 2D n4 r"),
    ),
    (VCVTSS2USIL, evex("Wx Gd", "x F3 0F 79 n4 r")),
    (VCVTSS2USIQ, evex("Wx Gd", "x F3 W 0F 79 n4 r")),
    (VCVTTPD2DQ, evex("Wz Vy", "z 66 W 0F E6 n64 b8 kz s")),
    (
        VCVTTPD2DQX,
        both("Wx Vx", "x 66 0F E6", "x 66 W 0F E6 n16 b8 kz"),
    ),
    (
        VCVTTPD2DQY,
        both("Wy Vx", "y 66 0F E6", "y 66 W 0F E6 n32 b8 kz"),
    ),
    (VCVTTPD2QQ, evex("Wv Vv", "xyz 66 W 0F 7A nv b8 kz s")),
    (VCVTTPD2UDQ, evex("Wz Vy", "z W 0F 78 n64 b8 kz s")),
    (VCVTTPD2UDQX, evex("Wx Vx", "x W 0F 78 n16 b8 kz")),
    (VCVTTPD2UDQY, evex("Wy Vx", "y W 0F 78 n32 b8 kz")),
    (VCVTTPD2UQQ, evex("Wv Vv", "xyz 66 W 0F 78 nv b8 kz s")),
    (
        VCVTTPS2DQ,
        both("Wv Vv", "xy F3 0F 5B", "xyz F3 0F 5B nv b4 kz s"),
    ),
    (VCVTTPS2QQ, evex("Wh Vv", "xyz 66 0F 7A nh b4 kz s")),
    (VCVTTPS2UDQ, evex("Wv Vv", "xyz 0F 78 nv b4 kz s")),
    (VCVTTPS2UQQ, evex("Wh Vv", "xyz 66 0F 78 nh b4 kz s")),
    (VCVTTSD2SI, both("Wx Gd", "x F2 0F 2C", "x F2 0F 2C n8 s")),
    (
        VCVTTSD2SIQ,
        both("Wx Gd", "x F2 W 0F 2C", "x F2 W 0F 2C n8 s"),
    ),
    (VCVTTSD2USIL, evex("Wx Gd", "x F2 0F 78 n8 s")),
    (VCVTTSD2USIQ, evex("Wx Gd", "x F2 W 0F 78 n8 s")),
    (VCVTTSS2SI, both("Wx Gd", "x F3 0F 2C", "x F3 0F 2C n4 s")),
    (
        VCVTTSS2SIQ,
        both("Wx Gd", "x F3 W 0F 2C", "x F3 W 0F 2C n4 s"),
    ),
    (VCVTTSS2USIL, evex("Wx Gd", "x F3 0F 78 n4 s")),
    (VCVTTSS2USIQ, evex("Wx Gd", "x F3 W 0F 78 n4 s")),
    (VCVTUDQ2PD, evex("Wh Vv", "xyz F3 0F 7A nh b4 kz")),
    (VCVTUDQ2PS, evex("Wv Vv", "xyz F2 0F 7A nv b4 kz r")),
    (VCVTUQQ2PD, evex("Wv Vv", "xyz F3 W 0F 7A nv b8 kz r")),
    (VCVTUQQ2PS, evex("Wz Vy", "z F2 W 0F 7A n64 b8 kz r")),
    (VCVTUQQ2PSX, evex("Wx Vx", "x F2 W 0F 7A n16 b8 kz")),
    (VCVTUQQ2PSY, evex("Wy Vx", "y F2 W 0F 7A n32 b8 kz")),
    (VCVTUSI2SDL, evex("Ed Hx Vx", "x F2 0F 7B n4")),
    (VCVTUSI2SDQ, evex("Ed Hx Vx", "x F2 W 0F 7B n8 r")),
    (VCVTUSI2SSL, evex("Ed Hx Vx", "x F3 0F 7B n4 r")),
    (VCVTUSI2SSQ, evex("Ed Hx Vx", "x F3 W 0F 7B n8 r")),
    (VDBPSADBW, evex("i Wv Hv Vv", "xyz 66 0F 3A 42 nv kz")),
    (
        VDIVPD,
        both("Wv Hv Vv", "xy 66 0F 5E", "xyz 66 W 0F 5E nv b8 kz r"),
    ),
    (VDIVPS, both("Wv Hv Vv", "xy 0F 5E", "xyz 0F 5E nv b4 kz r")),
    (
        VDIVSD,
        both("Wx Hx Vx", "x F2 0F 5E", "x F2 W 0F 5E n8 kz r"),
    ),
    (VDIVSS, both("Wx Hx Vx", "x F3 0F 5E", "x F3 0F 5E n4 kz r")),
    (VEXP2PD, evex("Wz Vz", "z 66 W 0F 38 C8 n64 b8 kz s")),
    (VEXP2PS, evex("Wz Vz", "z 66 0F 38 C8 n64 b4 kz s")),
    (VEXPANDPD, evex("Wv Vv", "xyz 66 W 0F 38 88 n8 kz")),
    (VEXPANDPS, evex("Wv Vv", "xyz 66 0F 38 88 n4 kz")),
    (VEXTRACTF32X4, evex("i Vv Wx", "yz 66 0F 3A 19 n16 kz")),
    (VEXTRACTF32X8, evex("i Vz Wy", "z 66 0F 3A 1B n32 kz")),
    (VEXTRACTF64X2, evex("i Vv Wx", "yz 66 W 0F 3A 19 n16 kz")),
    (VEXTRACTF64X4, evex("i Vz Wy", "z 66 W 0F 3A 1B n32 kz")),
    (VEXTRACTI32X4, evex("i Vv Wx", "yz 66 0F 3A 39 n16 kz")),
    (VEXTRACTI32X8, evex("i Vz Wy", "z 66 0F 3A 3B n32 kz")),
    (VEXTRACTI64X2, evex("i Vv Wx", "yz 66 W 0F 3A 39 n16 kz")),
    (VEXTRACTI64X4, evex("i Vz Wy", "z 66 W 0F 3A 3B n32 kz")),
    (
        VEXTRACTPS,
        vex("s Vx Ed", "x 66 0F 3A 17").evex("i Vx Ed", "x 66 0F 3A 17 n4"),
    ),
    (
        VFIXUPIMMPD,
        evex("i Wv Hv Vv", "xyz 66 W 0F 3A 54 nv b8 kz s"),
    ),
    (
        VFIXUPIMMPS,
        evex("i Wv Hv Vv", "xyz 66 0F 3A 54 nv b4 kz s"),
    ),
    (VFIXUPIMMSD, evex("i Wx Hx Vx", "x 66 W 0F 3A 55 n8 kz s")),
    (VFIXUPIMMSS, evex("i Wx Hx Vx", "x 66 0F 3A 55 n4 kz s")),
    (
        VFMADD132PD,
        both(
            "Wv Hv Vv",
            "xy 66 W 0F 38 98",
            "xyz 66 W 0F 38 98 nv b8 kz r",
        ),
    ),
    (
        VFMADD132PS,
        both("Wv Hv Vv", "xy 66 0F 38 98", "xyz 66 0F 38 98 nv b4 kz r"),
    ),
    (
        VFMADD132SD,
        both("Wx Hx Vx", "x 66 W 0F 38 99", "x 66 W 0F 38 99 n8 kz r"),
    ),
    (
        VFMADD132SS,
        both("Wx Hx Vx", "x 66 0F 38 99", "x 66 0F 38 99 n4 kz r"),
    ),
    (
        VFMADD213PD,
        both(
            "Wv Hv Vv",
            "xy 66 W 0F 38 A8",
            "xyz 66 W 0F 38 A8 nv b8 kz r",
        ),
    ),
    (
        VFMADD213PS,
        both("Wv Hv Vv", "xy 66 0F 38 A8", "xyz 66 0F 38 A8 nv b4 kz r"),
    ),
    (
        VFMADD213SD,
        both("Wx Hx Vx", "x 66 W 0F 38 A9", "x 66 W 0F 38 A9 n8 kz r"),
    ),
    (
        VFMADD213SS,
        both("Wx Hx Vx", "x 66 0F 38 A9", "x 66 0F 38 A9 n4 kz r"),
    ),
    (
        VFMADD231PD,
        both(
            "Wv Hv Vv",
            "xy 66 W 0F 38 B8",
            "xyz 66 W 0F 38 B8 nv b8 kz r",
        ),
    ),
    (
        VFMADD231PS,
        both("Wv Hv Vv", "xy 66 0F 38 B8", "xyz 66 0F 38 B8 nv b4 kz r"),
    ),
    (
        VFMADD231SD,
        both("Wx Hx Vx", "x 66 W 0F 38 B9", "x 66 W 0F 38 B9 n8 kz r"),
    ),
    (
        VFMADD231SS,
        both("Wx Hx Vx", "x 66 0F 38 B9", "x 66 0F 38 B9 n4 kz r"),
    ),
    (
        VFMADDSUB132PD,
        both(
            "Wv Hv Vv",
            "xy 66 W 0F 38 96",
            "xyz 66 W 0F 38 96 nv b8 kz r",
        ),
    ),
    (
        VFMADDSUB132PS,
        both("Wv Hv Vv", "xy 66 0F 38 96", "xyz 66 0F 38 96 nv b4 kz r"),
    ),
    (
        VFMADDSUB213PD,
        both(
            "Wv Hv Vv",
            "xy 66 W 0F 38 A6",
            "xyz 66 W 0F 38 A6 nv b8 kz r",
        ),
    ),
    (
        VFMADDSUB213PS,
        both("Wv Hv Vv", "xy 66 0F 38 A6", "xyz 66 0F 38 A6 nv b4 kz r"),
    ),
    (
        VFMADDSUB231PD,
        both(
            "Wv Hv Vv",
            "xy 66 W 0F 38 B6",
            "xyz 66 W 0F 38 B6 nv b8 kz r",
        ),
    ),
    (
        VFMADDSUB231PS,
        both("Wv Hv Vv", "xy 66 0F 38 B6", "xyz 66 0F 38 B6 nv b4 kz r"),
    ),
    (
        VFMSUB132PD,
        both(
            "Wv Hv Vv",
            "xy 66 W 0F 38 9A",
            "xyz 66 W 0F 38 9A nv b8 kz r",
        ),
    ),
    (
        VFMSUB132PS,
        both("Wv Hv Vv", "xy 66 0F 38 9A", "xyz 66 0F 38 9A nv b4 kz r"),
    ),
    (
        VFMSUB132SD,
        both("Wx Hx Vx", "x 66 W 0F 38 9B", "x 66 W 0F 38 9B n8 kz r"),
    ),
    (
        VFMSUB132SS,
        both("Wx Hx Vx", "x 66 0F 38 9B", "x 66 0F 38 9B n4 kz r"),
    ),
    (
        VFMSUB213PD,
        both(
            "Wv Hv Vv",
            "xy 66 W 0F 38 AA",
            "xyz 66 W 0F 38 AA nv b8 kz r",
        ),
    ),
    (
        VFMSUB213PS,
        both("Wv Hv Vv", "xy 66 0F 38 AA", "xyz 66 0F 38 AA nv b4 kz r"),
    ),
    (
        VFMSUB213SD,
        both("Wx Hx Vx", "x 66 W 0F 38 AB", "x 66 W 0F 38 AB n8 kz r"),
    ),
    (
        VFMSUB213SS,
        both("Wx Hx Vx", "x 66 0F 38 AB", "x 66 0F 38 AB n4 kz r"),
    ),
    (
        VFMSUB231PD,
        both(
            "Wv Hv Vv",
            "xy 66 W 0F 38 BA",
            "xyz 66 W 0F 38 BA nv b8 kz r",
        ),
    ),
    (
        VFMSUB231PS,
        both("Wv Hv Vv", "xy 66 0F 38 BA", "xyz 66 0F 38 BA nv b4 kz r"),
    ),
    (
        VFMSUB231SD,
        both("Wx Hx Vx", "x 66 W 0F 38 BB", "x 66 W 0F 38 BB n8 kz r"),
    ),
    (
        VFMSUB231SS,
        both("Wx Hx Vx", "x 66 0F 38 BB", "x 66 0F 38 BB n4 kz r"),
    ),
    (
        VFMSUBADD132PD,
        both(
            "Wv Hv Vv",
            "xy 66 W 0F 38 97",
            "xyz 66 W 0F 38 97 nv b8 kz r",
        ),
    ),
    (
        VFMSUBADD132PS,
        both("Wv Hv Vv", "xy 66 0F 38 97", "xyz 66 0F 38 97 nv b4 kz r"),
    ),
    (
        VFMSUBADD213PD,
        both(
            "Wv Hv Vv",
            "xy 66 W 0F 38 A7",
            "xyz 66 W 0F 38 A7 nv b8 kz r",
        ),
    ),
    (
        VFMSUBADD213PS,
        both("Wv Hv Vv", "xy 66 0F 38 A7", "xyz 66 0F 38 A7 nv b4 kz r"),
    ),
    (
        VFMSUBADD231PD,
        both(
            "Wv Hv Vv",
            "xy 66 W 0F 38 B7",
            "xyz 66 W 0F 38 B7 nv b8 kz r",
        ),
    ),
    (
        VFMSUBADD231PS,
        both("Wv Hv Vv", "xy 66 0F 38 B7", "xyz 66 0F 38 B7 nv b4 kz r"),
    ),
    (
        VFNMADD132PD,
        both(
            "Wv Hv Vv",
            "xy 66 W 0F 38 9C",
            "xyz 66 W 0F 38 9C nv b8 kz r",
        ),
    ),
    (
        VFNMADD132PS,
        both("Wv Hv Vv", "xy 66 0F 38 9C", "xyz 66 0F 38 9C nv b4 kz r"),
    ),
    (
        VFNMADD132SD,
        both("Wx Hx Vx", "x 66 W 0F 38 9D", "x 66 W 0F 38 9D n8 kz r"),
    ),
    (
        VFNMADD132SS,
        both("Wx Hx Vx", "x 66 0F 38 9D", "x 66 0F 38 9D n4 kz r"),
    ),
    (
        VFNMADD213PD,
        both(
            "Wv Hv Vv",
            "xy 66 W 0F 38 AC",
            "xyz 66 W 0F 38 AC nv b8 kz r",
        ),
    ),
    (
        VFNMADD213PS,
        both("Wv Hv Vv", "xy 66 0F 38 AC", "xyz 66 0F 38 AC nv b4 kz r"),
    ),
    (
        VFNMADD213SD,
        both("Wx Hx Vx", "x 66 W 0F 38 AD", "x 66 W 0F 38 AD n8 kz r"),
    ),
    (
        VFNMADD213SS,
        both("Wx Hx Vx", "x 66 0F 38 AD", "x 66 0F 38 AD n4 kz r"),
    ),
    (
        VFNMADD231PD,
        both(
            "Wv Hv Vv",
            "xy 66 W 0F 38 BC",
            "xyz 66 W 0F 38 BC nv b8 kz r",
        ),
    ),
    (
        VFNMADD231PS,
        both("Wv Hv Vv", "xy 66 0F 38 BC", "xyz 66 0F 38 BC nv b4 kz r"),
    ),
    (
        VFNMADD231SD,
        both("Wx Hx Vx", "x 66 W 0F 38 BD", "x 66 W 0F 38 BD n8 kz r"),
    ),
    (
        VFNMADD231SS,
        both("Wx Hx Vx", "x 66 0F 38 BD", "x 66 0F 38 BD n4 kz r"),
    ),
    (
        VFNMSUB132PD,
        both(
            "Wv Hv Vv",
            "xy 66 W 0F 38 9E",
            "xyz 66 W 0F 38 9E nv b8 kz r",
        ),
    ),
    (
        VFNMSUB132PS,
        both("Wv Hv Vv", "xy 66 0F 38 9E", "xyz 66 0F 38 9E nv b4 kz r"),
    ),
    (
        VFNMSUB132SD,
        both("Wx Hx Vx", "x 66 W 0F 38 9F", "x 66 W 0F 38 9F n8 kz r"),
    ),
    (
        VFNMSUB132SS,
        both("Wx Hx Vx", "x 66 0F 38 9F", "x 66 0F 38 9F n4 kz r"),
    ),
    (
        VFNMSUB213PD,
        both(
            "Wv Hv Vv",
            "xy 66 W 0F 38 AE",
            "xyz 66 W 0F 38 AE nv b8 kz r",
        ),
    ),
    (
        VFNMSUB213PS,
        both("Wv Hv Vv", "xy 66 0F 38 AE", "xyz 66 0F 38 AE nv b4 kz r"),
    ),
    (
        VFNMSUB213SD,
        both("Wx Hx Vx", "x 66 W 0F 38 AF", "x 66 W 0F 38 AF n8 kz r"),
    ),
    (
        VFNMSUB213SS,
        both("Wx Hx Vx", "x 66 0F 38 AF", "x 66 0F 38 AF n4 kz r"),
    ),
    (
        VFNMSUB231PD,
        both(
            "Wv Hv Vv",
            "xy 66 W 0F 38 BE",
            "xyz 66 W 0F 38 BE nv b8 kz r",
        ),
    ),
    (
        VFNMSUB231PS,
        both("Wv Hv Vv", "xy 66 0F 38 BE", "xyz 66 0F 38 BE nv b4 kz r"),
    ),
    (
        VFNMSUB231SD,
        both("Wx Hx Vx", "x 66 W 0F 38 BF", "x 66 W 0F 38 BF n8 kz r"),
    ),
    (
        VFNMSUB231SS,
        both("Wx Hx Vx", "x 66 0F 38 BF", "x 66 0F 38 BF n4 kz r"),
    ),
    (VFPCLASSPDX, evex("i Wx Vk", "x 66 W 0F 3A 66 n16 b8 k")),
    (VFPCLASSPDY, evex("i Wy Vk", "y 66 W 0F 3A 66 n32 b8 k")),
    (VFPCLASSPDZ, evex("i Wz Vk", "z 66 W 0F 3A 66 n64 b8 k")),
    (VFPCLASSPSX, evex("i Wx Vk", "x 66 0F 3A 66 n16 b4 k")),
    (VFPCLASSPSY, evex("i Wy Vk", "y 66 0F 3A 66 n32 b4 k")),
    (VFPCLASSPSZ, evex("i Wz Vk", "z 66 0F 3A 66 n64 b4 k")),
    (VFPCLASSSD, evex("i Wx Vk", "x 66 W 0F 3A 67 n8 k")),
    (VFPCLASSSS, evex("i Wx Vk", "x 66 0F 3A 67 n4 k")),
    (
        VGATHERDPD,
        vex("Hv Ax Vv", "xy 66 W 0F 38 92").evex("Ah K Vv", "xyz 66 W 0F 38 92 n8"),
    ),
    (
        VGATHERDPS,
        vex("Hv Av Vv", "xy 66 0F 38 92").evex("Av K Vv", "xyz 66 0F 38 92 n4"),
    ),
    (VGATHERPF0DPD, evex("K Ay", "z 66 W 0F 38 C6/1 n8")),
    (VGATHERPF0DPS, evex("K Az", "z 66 0F 38 C6/1 n4")),
    (VGATHERPF0QPD, evex("K Az", "z 66 W 0F 38 C7/1 n8")),
    (VGATHERPF0QPS, evex("K Az", "z 66 0F 38 C7/1 n4")),
    (VGATHERPF1DPD, evex("K Ay", "z 66 W 0F 38 C6/2 n8")),
    (VGATHERPF1DPS, evex("K Az", "z 66 0F 38 C6/2 n4")),
    (VGATHERPF1QPD, evex("K Az", "z 66 W 0F 38 C7/2 n8")),
    (VGATHERPF1QPS, evex("K Az", "z 66 0F 38 C7/2 n4")),
    (
        VGATHERQPD,
        vex("Hv Av Vv", "xy 66 W 0F 38 93").evex("Av K Vv", "xyz 66 W 0F 38 93 n8"),
    ),
    (
        VGATHERQPS,
        vex("Hx Av Vx", "xy 66 0F 38 93").evex("Av K Vh", "xyz 66 0F 38 93 n4"),
    ),
    (VGETEXPPD, evex("Wv Vv", "xyz 66 W 0F 38 42 nv b8 kz s")),
    (VGETEXPPS, evex("Wv Vv", "xyz 66 0F 38 42 nv b4 kz s")),
    (VGETEXPSD, evex("Wx Hx Vx", "x 66 W 0F 38 43 n8 kz s")),
    (VGETEXPSS, evex("Wx Hx Vx", "x 66 0F 38 43 n4 kz s")),
    (VGETMANTPD, evex("i Wv Vv", "xyz 66 W 0F 3A 26 nv b8 kz s")),
    (VGETMANTPS, evex("i Wv Vv", "xyz 66 0F 3A 26 nv b4 kz s")),
    (VGETMANTSD, evex("i Wx Hx Vx", "x 66 W 0F 3A 27 n8 kz s")),
    (VGETMANTSS, evex("i Wx Hx Vx", "x 66 0F 3A 27 n4 kz s")),
    (
        VGF2P8AFFINEINVQB,
        both(
            "i Wv Hv Vv",
            "xy 66 W 0F 3A CF",
            "xyz 66 W 0F 3A CF nv b8 kz",
        ),
    ),
    (
        VGF2P8AFFINEQB,
        both(
            "i Wv Hv Vv",
            "xy 66 W 0F 3A CE",
            "xyz 66 W 0F 3A CE nv b8 kz",
        ),
    ),
    (
        VGF2P8MULB,
        both("Wv Hv Vv", "xy 66 0F 38 CF", "xyz 66 0F 38 CF nv kz"),
    ),
    (VINSERTF32X4, evex("i Wx Hv Vv", "yz 66 0F 3A 18 n16 kz")),
    (VINSERTF32X8, evex("i Wy Hz Vz", "z 66 0F 3A 1A n32 kz")),
    (VINSERTF64X2, evex("i Wx Hv Vv", "yz 66 W 0F 3A 18 n16 kz")),
    (VINSERTF64X4, evex("i Wy Hz Vz", "z 66 W 0F 3A 1A n32 kz")),
    (VINSERTI32X4, evex("i Wx Hv Vv", "yz 66 0F 3A 38 n16 kz")),
    (VINSERTI32X8, evex("i Wy Hz Vz", "z 66 0F 3A 3A n32 kz")),
    (VINSERTI64X2, evex("i Wx Hv Vv", "yz 66 W 0F 3A 38 n16 kz")),
    (VINSERTI64X4, evex("i Wy Hz Vz", "z 66 W 0F 3A 3A n32 kz")),
    (
        VINSERTPS,
        both("i Wx Hx Vx", "x 66 0F 3A 21", "x 66 0F 3A 21 n4"),
    ),
    (
        VMAXPD,
        both("Wv Hv Vv", "xy 66 0F 5F", "xyz 66 W 0F 5F nv b8 kz s"),
    ),
    (VMAXPS, both("Wv Hv Vv", "xy 0F 5F", "xyz 0F 5F nv b4 kz s")),
    (
        VMAXSD,
        both("Wx Hx Vx", "x F2 0F 5F", "x F2 W 0F 5F n8 kz s"),
    ),
    (VMAXSS, both("Wx Hx Vx", "x F3 0F 5F", "x F3 0F 5F n4 kz s")),
    (
        VMINPD,
        both("Wv Hv Vv", "xy 66 0F 5D", "xyz 66 W 0F 5D nv b8 kz s"),
    ),
    (VMINPS, both("Wv Hv Vv", "xy 0F 5D", "xyz 0F 5D nv b4 kz s")),
    (
        VMINSD,
        both("Wx Hx Vx", "x F2 0F 5D", "x F2 W 0F 5D n8 kz s"),
    ),
    (VMINSS, both("Wx Hx Vx", "x F3 0F 5D", "x F3 0F 5D n4 kz s")),
    (
        VMOVAPD,
        vex("Vv Wv", "xy 66 0F 29")
            .vex("Wv Vv", "xy 66 0F 28")
            .evex("Vv Wv", "xyz 66 W 0F 29 nv kz")
            .evex("Wv Vv", "xyz 66 W 0F 28 nv kz"),
    ),
    (
        VMOVAPS,
        vex("Vv Wv", "xy 0F 29")
            .vex("Wv Vv", "xy 0F 28")
            .evex("Vv Wv", "xyz 0F 29 nv kz")
            .evex("Wv Vv", "xyz 0F 28 nv kz"),
    ),
    (
        VMOVD,
        vex("Vx Ed", "x 66 0F 7E")
            .vex("Ed Vx", "x 66 0F 6E")
            .evex("Vx Ed", "x 66 0F 7E n4")
            .evex("Ed Vx", "x 66 0F 6E n4"),
    ),
    (
        VMOVDDUP,
        vex("Wv Vv", "xy F2 0F 12")
            .evex("Wx Vx", "x F2 W 0F 12 n8 kz")
            .evex("Wv Vv", "yz F2 W 0F 12 nv kz"),
    ),
    (
        VMOVDQA32,
        evex("Vv Wv", "xyz 66 0F 7F nv kz").evex("Wv Vv", "xyz 66 0F 6F nv kz"),
    ),
    (
        VMOVDQA64,
        evex("Vv Wv", "xyz 66 W 0F 7F nv kz").evex("Wv Vv", "xyz 66 W 0F 6F nv kz"),
    ),
    (
        VMOVDQU16,
        evex("Vv Wv", "xyz F2 W 0F 7F nv kz").evex("Wv Vv", "xyz F2 W 0F 6F nv kz"),
    ),
    (
        VMOVDQU32,
        evex("Vv Wv", "xyz F3 0F 7F nv kz").evex("Wv Vv", "xyz F3 0F 6F nv kz"),
    ),
    (
        VMOVDQU64,
        evex("Vv Wv", "xyz F3 W 0F 7F nv kz").evex("Wv Vv", "xyz F3 W 0F 6F nv kz"),
    ),
    (
        VMOVDQU8,
        evex("Vv Wv", "xyz F2 0F 7F nv kz").evex("Wv Vv", "xyz F2 0F 6F nv kz"),
    ),
    (VMOVHLPS, both("Ux Hx Vx", "x 0F 12", "x 0F 12")),
    (
        VMOVHPD,
        vex("Vx M", "x 66 0F 17")
            .vex("M Hx Vx", "x 66 0F 16")
            .evex("Vx M", "x 66 W 0F 17 n8")
            .evex("M Hx Vx", "x 66 W 0F 16 n8"),
    ),
    (
        VMOVHPS,
        vex("Vx M", "x 0F 17")
            .vex("M Hx Vx", "x 0F 16")
            .evex("Vx M", "x 0F 17 n8")
            .evex("M Hx Vx", "x 0F 16 n8"),
    ),
    (VMOVLHPS, both("Ux Hx Vx", "x 0F 16", "x 0F 16")),
    (
        VMOVLPD,
        vex("Vx M", "x 66 0F 13")
            .vex("M Hx Vx", "x 66 0F 12")
            .evex("Vx M", "x 66 W 0F 13 n8")
            .evex("M Hx Vx", "x 66 W 0F 12 n8"),
    ),
    (
        VMOVLPS,
        vex("Vx M", "x 0F 13")
            .vex("M Hx Vx", "x 0F 12")
            .evex("Vx M", "x 0F 13 n8")
            .evex("M Hx Vx", "x 0F 12 n8"),
    ),
    (VMOVNTDQ, both("Vv M", "xy 66 0F E7", "xyz 66 0F E7 nv")),
    (
        VMOVNTDQA,
        both("M Vv", "xy 66 0F 38 2A", "xyz 66 0F 38 2A nv"),
    ),
    (VMOVNTPD, both("Vv M", "xy 66 0F 2B", "xyz 66 W 0F 2B nv")),
    (VMOVNTPS, both("Vv M", "xy 0F 2B", "xyz 0F 2B nv")),
    (
        VMOVQ,
        vex("Vx Ed", "x 66 W 0F 7E")
            .vex("Vx Wx", "x 66 0F D6")
            .vex("Ed Vx", "x 66 W 0F 6E")
            .vex("Wx Vx", "x F3 0F 7E")
            .evex("Vx Ed", "x 66 W 0F 7E n8")
            .evex("Vx Wx", "x 66 W 0F D6 n8")
            .evex("Ed Vx", "x 66 W 0F 6E n8")
            .evex("Wx Vx", "x F3 W 0F 7E n8"),
    ),
    (
        VMOVSD,
        vex("Vx Hx Ux", "x F2 0F 11")
            .vex("Vx M", "x F2 0F 11")
            .vex("M Vx", "x F2 0F 10")
            .vex("Ux Hx Vx", "x F2 0F 10")
            .evex("Vx Hx Ux", "x F2 W 0F 11 kz")
            .evex("Vx M", "x F2 W 0F 11 n8 k")
            .evex("M Vx", "x F2 W 0F 10 n8 kz")
            .evex("Ux Hx Vx", "x F2 W 0F 10 kz"),
    ),
    (
        VMOVSHDUP,
        both("Wv Vv", "xy F3 0F 16", "xyz F3 0F 16 nv kz"),
    ),
    (
        VMOVSLDUP,
        both("Wv Vv", "xy F3 0F 12", "xyz F3 0F 12 nv kz"),
    ),
    (
        VMOVSS,
        vex("Vx Hx Ux", "x F3 0F 11")
            .vex("Vx M", "x F3 0F 11")
            .vex("M Vx", "x F3 0F 10")
            .vex("Ux Hx Vx", "x F3 0F 10")
            .evex("Vx Hx Ux", "x F3 0F 11 kz")
            .evex("Vx M", "x F3 0F 11 n4 k")
            .evex("M Vx", "x F3 0F 10 n4 kz")
            .evex("Ux Hx Vx", "x F3 0F 10 kz"),
    ),
    (
        VMOVUPD,
        vex("Vv Wv", "xy 66 0F 11")
            .vex("Wv Vv", "xy 66 0F 10")
            .evex("Vv Wv", "xyz 66 W 0F 11 nv kz")
            .evex("Wv Vv", "xyz 66 W 0F 10 nv kz"),
    ),
    (
        VMOVUPS,
        vex("Vv Wv", "xy 0F 11")
            .vex("Wv Vv", "xy 0F 10")
            .evex("Vv Wv", "xyz 0F 11 nv kz")
            .evex("Wv Vv", "xyz 0F 10 nv kz"),
    ),
    (
        VMULPD,
        both("Wv Hv Vv", "xy 66 0F 59", "xyz 66 W 0F 59 nv b8 kz r"),
    ),
    (VMULPS, both("Wv Hv Vv", "xy 0F 59", "xyz 0F 59 nv b4 kz r")),
    (
        VMULSD,
        both("Wx Hx Vx", "x F2 0F 59", "x F2 W 0F 59 n8 kz r"),
    ),
    (VMULSS, both("Wx Hx Vx", "x F3 0F 59", "x F3 0F 59 n4 kz r")),
    (
        VORPD,
        both("Wv Hv Vv", "xy 66 0F 56", "xyz 66 W 0F 56 nv b8 kz"),
    ),
    (VORPS, both("Wv Hv Vv", "xy 0F 56", "xyz 0F 56 nv b4 kz")),
    (VRANGEPD, evex("i Wv Hv Vv", "xyz 66 W 0F 3A 50 nv b8 kz s")),
    (VRANGEPS, evex("i Wv Hv Vv", "xyz 66 0F 3A 50 nv b4 kz s")),
    (VRANGESD, evex("i Wx Hx Vx", "x 66 W 0F 3A 51 n8 kz s")),
    (VRANGESS, evex("i Wx Hx Vx", "x 66 0F 3A 51 n4 kz s")),
    (VRCP14PD, evex("Wv Vv", "xyz 66 W 0F 38 4C nv b8 kz")),
    (VRCP14PS, evex("Wv Vv", "xyz 66 0F 38 4C nv b4 kz")),
    (VRCP14SD, evex("Wx Hx Vx", "x 66 W 0F 38 4D n8 kz")),
    (VRCP14SS, evex("Wx Hx Vx", "x 66 0F 38 4D n4 kz")),
    (VRCP28PD, evex("Wz Vz", "z 66 W 0F 38 CA n64 b8 kz s")),
    (VRCP28PS, evex("Wz Vz", "z 66 0F 38 CA n64 b4 kz s")),
    (VRCP28SD, evex("Wx Hx Vx", "x 66 W 0F 38 CB n8 kz s")),
    (VRCP28SS, evex("Wx Hx Vx", "x 66 0F 38 CB n4 kz s")),
    (VREDUCEPD, evex("i Wv Vv", "xyz 66 W 0F 3A 56 nv b8 kz s")),
    (VREDUCEPS, evex("i Wv Vv", "xyz 66 0F 3A 56 nv b4 kz s")),
    (VREDUCESD, evex("i Wx Hx Vx", "x 66 W 0F 3A 57 n8 kz s")),
    (VREDUCESS, evex("i Wx Hx Vx", "x 66 0F 3A 57 n4 kz s")),
    (VRNDSCALEPD, evex("i Wv Vv", "xyz 66 W 0F 3A 09 nv b8 kz s")),
    (VRNDSCALEPS, evex("i Wv Vv", "xyz 66 0F 3A 08 nv b4 kz s")),
    (VRNDSCALESD, evex("i Wx Hx Vx", "x 66 W 0F 3A 0B n8 kz s")),
    (VRNDSCALESS, evex("i Wx Hx Vx", "x 66 0F 3A 0A n4 kz s")),
    (VRSQRT14PD, evex("Wv Vv", "xyz 66 W 0F 38 4E nv b8 kz")),
    (VRSQRT14PS, evex("Wv Vv", "xyz 66 0F 38 4E nv b4 kz")),
    (VRSQRT14SD, evex("Wx Hx Vx", "x 66 W 0F 38 4F n8 kz")),
    (VRSQRT14SS, evex("Wx Hx Vx", "x 66 0F 38 4F n4 kz")),
    (VRSQRT28PD, evex("Wz Vz", "z 66 W 0F 38 CC n64 b8 kz s")),
    (VRSQRT28PS, evex("Wz Vz", "z 66 0F 38 CC n64 b4 kz s")),
    (VRSQRT28SD, evex("Wx Hx Vx", "x 66 W 0F 38 CD n8 kz s")),
    (VRSQRT28SS, evex("Wx Hx Vx", "x 66 0F 38 CD n4 kz s")),
    (VSCALEFPD, evex("Wv Hv Vv", "xyz 66 W 0F 38 2C nv b8 kz r")),
    (VSCALEFPS, evex("Wv Hv Vv", "xyz 66 0F 38 2C nv b4 kz r")),
    (VSCALEFSD, evex("Wx Hx Vx", "x 66 W 0F 38 2D n8 kz r")),
    (VSCALEFSS, evex("Wx Hx Vx", "x 66 0F 38 2D n4 kz r")),
    (VSCATTERDPD, evex("Vv K Ah", "xyz 66 W 0F 38 A2 n8")),
    (VSCATTERDPS, evex("Vv K Av", "xyz 66 0F 38 A2 n4")),
    (VSCATTERPF0DPD, evex("K Ay", "z 66 W 0F 38 C6/5 n8")),
    (VSCATTERPF0DPS, evex("K Az", "z 66 0F 38 C6/5 n4")),
    (VSCATTERPF0QPD, evex("K Az", "z 66 W 0F 38 C7/5 n8")),
    (VSCATTERPF0QPS, evex("K Az", "z 66 0F 38 C7/5 n4")),
    (VSCATTERPF1DPD, evex("K Ay", "z 66 W 0F 38 C6/6 n8")),
    (VSCATTERPF1DPS, evex("K Az", "z 66 0F 38 C6/6 n4")),
    (VSCATTERPF1QPD, evex("K Az", "z 66 W 0F 38 C7/6 n8")),
    (VSCATTERPF1QPS, evex("K Az", "z 66 0F 38 C7/6 n4")),
    (VSCATTERQPD, evex("Vv K Av", "xyz 66 W 0F 38 A3 n8")),
    (VSCATTERQPS, evex("Vh K Av", "xyz 66 0F 38 A3 n4")),
    (VSHUFF32X4, evex("i Wv Hv Vv", "yz 66 0F 3A 23 nv b4 kz")),
    (VSHUFF64X2, evex("i Wv Hv Vv", "yz 66 W 0F 3A 23 nv b8 kz")),
    (VSHUFI32X4, evex("i Wv Hv Vv", "yz 66 0F 3A 43 nv b4 kz")),
    (VSHUFI64X2, evex("i Wv Hv Vv", "yz 66 W 0F 3A 43 nv b8 kz")),
    (
        VSHUFPD,
        both("i Wv Hv Vv", "xy 66 0F C6", "xyz 66 W 0F C6 nv b8 kz"),
    ),
    (
        VSHUFPS,
        both("i Wv Hv Vv", "xy 0F C6", "xyz 0F C6 nv b4 kz"),
    ),
    (
        VSQRTPD,
        both("Wv Vv", "xy 66 0F 51", "xyz 66 W 0F 51 nv b8 kz r"),
    ),
    (VSQRTPS, both("Wv Vv", "xy 0F 51", "xyz 0F 51 nv b4 kz r")),
    (
        VSQRTSD,
        both("Wx Hx Vx", "x F2 0F 51", "x F2 W 0F 51 n8 kz r"),
    ),
    (
        VSQRTSS,
        both("Wx Hx Vx", "x F3 0F 51", "x F3 0F 51 n4 kz r"),
    ),
    (
        VSUBPD,
        both("Wv Hv Vv", "xy 66 0F 5C", "xyz 66 W 0F 5C nv b8 kz r"),
    ),
    (VSUBPS, both("Wv Hv Vv", "xy 0F 5C", "xyz 0F 5C nv b4 kz r")),
    (
        VSUBSD,
        both("Wx Hx Vx", "x F2 0F 5C", "x F2 W 0F 5C n8 kz r"),
    ),
    (VSUBSS, both("Wx Hx Vx", "x F3 0F 5C", "x F3 0F 5C n4 kz r")),
    (VUCOMISD, both("Wx Vx", "x 66 0F 2E", "x 66 W 0F 2E n8 s")),
    (VUCOMISS, both("Wx Vx", "x 0F 2E", "x 0F 2E n4 s")),
    (
        VUNPCKHPD,
        both("Wv Hv Vv", "xy 66 0F 15", "xyz 66 W 0F 15 nv b8 kz"),
    ),
    (
        VUNPCKHPS,
        both("Wv Hv Vv", "xy 0F 15", "xyz 0F 15 nv b4 kz"),
    ),
    (
        VUNPCKLPD,
        both("Wv Hv Vv", "xy 66 0F 14", "xyz 66 W 0F 14 nv b8 kz"),
    ),
    (
        VUNPCKLPS,
        both("Wv Hv Vv", "xy 0F 14", "xyz 0F 14 nv b4 kz"),
    ),
    (
        VXORPD,
        both("Wv Hv Vv", "xy 66 0F 57", "xyz 66 W 0F 57 nv b8 kz"),
    ),
    (VXORPS, both("Wv Hv Vv", "xy 0F 57", "xyz 0F 57 nv b4 kz")),
];
