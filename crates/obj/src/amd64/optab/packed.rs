//! Vectors of integers, in all lengths.

use super::avx::{AvxRows, both, evex, vex};
use crate::amd64::As::*;

/// See [`super::avx`] for the notation.
pub(super) const ROWS: AvxRows = &[
    (VP4DPWSSD, evex("M Tz Vz", "z F2 0F 38 52 n16 kz")),
    (VP4DPWSSDS, evex("M Tz Vz", "z F2 0F 38 53 n16 kz")),
    (
        VPABSB,
        both("Wv Vv", "xy 66 0F 38 1C", "xyz 66 0F 38 1C nv kz"),
    ),
    (
        VPABSD,
        both("Wv Vv", "xy 66 0F 38 1E", "xyz 66 0F 38 1E nv b4 kz"),
    ),
    (VPABSQ, evex("Wv Vv", "xyz 66 W 0F 38 1F nv b8 kz")),
    (
        VPABSW,
        both("Wv Vv", "xy 66 0F 38 1D", "xyz 66 0F 38 1D nv kz"),
    ),
    (
        VPACKSSDW,
        both("Wv Hv Vv", "xy 66 0F 6B", "xyz 66 0F 6B nv b4 kz"),
    ),
    (
        VPACKSSWB,
        both("Wv Hv Vv", "xy 66 0F 63", "xyz 66 0F 63 nv kz"),
    ),
    (
        VPACKUSDW,
        both("Wv Hv Vv", "xy 66 0F 38 2B", "xyz 66 0F 38 2B nv b4 kz"),
    ),
    (
        VPACKUSWB,
        both("Wv Hv Vv", "xy 66 0F 67", "xyz 66 0F 67 nv kz"),
    ),
    (
        VPADDB,
        both("Wv Hv Vv", "xy 66 0F FC", "xyz 66 0F FC nv kz"),
    ),
    (
        VPADDD,
        both("Wv Hv Vv", "xy 66 0F FE", "xyz 66 0F FE nv b4 kz"),
    ),
    (
        VPADDQ,
        both("Wv Hv Vv", "xy 66 0F D4", "xyz 66 W 0F D4 nv b8 kz"),
    ),
    (
        VPADDSB,
        both("Wv Hv Vv", "xy 66 0F EC", "xyz 66 0F EC nv kz"),
    ),
    (
        VPADDSW,
        both("Wv Hv Vv", "xy 66 0F ED", "xyz 66 0F ED nv kz"),
    ),
    (
        VPADDUSB,
        both("Wv Hv Vv", "xy 66 0F DC", "xyz 66 0F DC nv kz"),
    ),
    (
        VPADDUSW,
        both("Wv Hv Vv", "xy 66 0F DD", "xyz 66 0F DD nv kz"),
    ),
    (
        VPADDW,
        both("Wv Hv Vv", "xy 66 0F FD", "xyz 66 0F FD nv kz"),
    ),
    (
        VPALIGNR,
        both("i Wv Hv Vv", "xy 66 0F 3A 0F", "xyz 66 0F 3A 0F nv kz"),
    ),
    (VPANDD, evex("Wv Hv Vv", "xyz 66 0F DB nv b4 kz")),
    (VPANDND, evex("Wv Hv Vv", "xyz 66 0F DF nv b4 kz")),
    (VPANDNQ, evex("Wv Hv Vv", "xyz 66 W 0F DF nv b8 kz")),
    (VPANDQ, evex("Wv Hv Vv", "xyz 66 W 0F DB nv b8 kz")),
    (
        VPAVGB,
        both("Wv Hv Vv", "xy 66 0F E0", "xyz 66 0F E0 nv kz"),
    ),
    (
        VPAVGW,
        both("Wv Hv Vv", "xy 66 0F E3", "xyz 66 0F E3 nv kz"),
    ),
    (VPBLENDMB, evex("Wv Hv Vv", "xyz 66 0F 38 66 nv kz")),
    (VPBLENDMD, evex("Wv Hv Vv", "xyz 66 0F 38 64 nv b4 kz")),
    (VPBLENDMQ, evex("Wv Hv Vv", "xyz 66 W 0F 38 64 nv b8 kz")),
    (VPBLENDMW, evex("Wv Hv Vv", "xyz 66 W 0F 38 66 nv kz")),
    (
        VPBROADCASTB,
        vex("Wx Vv", "xy 66 0F 38 78")
            .evex("Rd Vv", "xyz 66 0F 38 7A kz")
            .evex("Wx Vv", "xyz 66 0F 38 78 kz"),
    ),
    (
        VPBROADCASTD,
        vex("Wx Vv", "xy 66 0F 38 58")
            .evex("Rd Vv", "xyz 66 0F 38 7C kz")
            .evex("Wx Vv", "xyz 66 0F 38 58 n4 kz"),
    ),
    (VPBROADCASTMB2Q, evex("Uk Vv", "xyz F3 W 0F 38 2A")),
    (VPBROADCASTMW2D, evex("Uk Vv", "xyz F3 0F 38 3A")),
    (
        VPBROADCASTQ,
        vex("Wx Vv", "xy 66 0F 38 59")
            .evex("Rd Vv", "xyz 66 W 0F 38 7C kz")
            .evex("Wx Vv", "xyz 66 W 0F 38 59 n8 kz"),
    ),
    (
        VPBROADCASTW,
        vex("Wx Vv", "xy 66 0F 38 79")
            .evex("Rd Vv", "xyz 66 0F 38 7B kz")
            .evex("Wx Vv", "xyz 66 0F 38 79 n2 kz"),
    ),
    (
        VPCLMULQDQ,
        both("i Wv Hv Vv", "xy 66 0F 3A 44", "xyz 66 0F 3A 44 nv"),
    ),
    (VPCMPB, evex("i Wv Hv Vk", "xyz 66 0F 3A 3F nv k")),
    (VPCMPD, evex("i Wv Hv Vk", "xyz 66 0F 3A 1F nv b4 k")),
    (
        VPCMPEQB,
        vex("Wv Hv Vv", "xy 66 0F 74").evex("Wv Hv Vk", "xyz 66 0F 74 nv k"),
    ),
    (
        VPCMPEQD,
        vex("Wv Hv Vv", "xy 66 0F 76").evex("Wv Hv Vk", "xyz 66 0F 76 nv b4 k"),
    ),
    (
        VPCMPEQQ,
        vex("Wv Hv Vv", "xy 66 0F 38 29").evex("Wv Hv Vk", "xyz 66 W 0F 38 29 nv b8 k"),
    ),
    (
        VPCMPEQW,
        vex("Wv Hv Vv", "xy 66 0F 75").evex("Wv Hv Vk", "xyz 66 0F 75 nv k"),
    ),
    (
        VPCMPGTB,
        vex("Wv Hv Vv", "xy 66 0F 64").evex("Wv Hv Vk", "xyz 66 0F 64 nv k"),
    ),
    (
        VPCMPGTD,
        vex("Wv Hv Vv", "xy 66 0F 66").evex("Wv Hv Vk", "xyz 66 0F 66 nv b4 k"),
    ),
    (
        VPCMPGTQ,
        vex("Wv Hv Vv", "xy 66 0F 38 37").evex("Wv Hv Vk", "xyz 66 W 0F 38 37 nv b8 k"),
    ),
    (
        VPCMPGTW,
        vex("Wv Hv Vv", "xy 66 0F 65").evex("Wv Hv Vk", "xyz 66 0F 65 nv k"),
    ),
    (VPCMPQ, evex("i Wv Hv Vk", "xyz 66 W 0F 3A 1F nv b8 k")),
    (VPCMPUB, evex("i Wv Hv Vk", "xyz 66 0F 3A 3E nv k")),
    (VPCMPUD, evex("i Wv Hv Vk", "xyz 66 0F 3A 1E nv b4 k")),
    (VPCMPUQ, evex("i Wv Hv Vk", "xyz 66 W 0F 3A 1E nv b8 k")),
    (VPCMPUW, evex("i Wv Hv Vk", "xyz 66 W 0F 3A 3E nv k")),
    (VPCMPW, evex("i Wv Hv Vk", "xyz 66 W 0F 3A 3F nv k")),
    (VPCOMPRESSB, evex("Vv Wv", "xyz 66 0F 38 63 kz")),
    (VPCOMPRESSD, evex("Vv Wv", "xyz 66 0F 38 8B n4 kz")),
    (VPCOMPRESSQ, evex("Vv Wv", "xyz 66 W 0F 38 8B n8 kz")),
    (VPCOMPRESSW, evex("Vv Wv", "xyz 66 W 0F 38 63 n2 kz")),
    (VPCONFLICTD, evex("Wv Vv", "xyz 66 0F 38 C4 nv b4 kz")),
    (VPCONFLICTQ, evex("Wv Vv", "xyz 66 W 0F 38 C4 nv b8 kz")),
    (VPDPBUSD, evex("Wv Hv Vv", "xyz 66 0F 38 50 nv b4 kz")),
    (VPDPBUSDS, evex("Wv Hv Vv", "xyz 66 0F 38 51 nv b4 kz")),
    (VPDPWSSD, evex("Wv Hv Vv", "xyz 66 0F 38 52 nv b4 kz")),
    (VPDPWSSDS, evex("Wv Hv Vv", "xyz 66 0F 38 53 nv b4 kz")),
    (VPERMB, evex("Wv Hv Vv", "xyz 66 0F 38 8D nv kz")),
    (
        VPERMD,
        vex("Wy Hy Vy", "y 66 0F 38 36").evex("Wv Hv Vv", "yz 66 0F 38 36 nv b4 kz"),
    ),
    (VPERMI2B, evex("Wv Hv Vv", "xyz 66 0F 38 75 nv kz")),
    (VPERMI2D, evex("Wv Hv Vv", "xyz 66 0F 38 76 nv b4 kz")),
    (VPERMI2PD, evex("Wv Hv Vv", "xyz 66 W 0F 38 77 nv b8 kz")),
    (VPERMI2PS, evex("Wv Hv Vv", "xyz 66 0F 38 77 nv b4 kz")),
    (VPERMI2Q, evex("Wv Hv Vv", "xyz 66 W 0F 38 76 nv b8 kz")),
    (VPERMI2W, evex("Wv Hv Vv", "xyz 66 W 0F 38 75 nv kz")),
    (
        VPERMILPD,
        vex("s Wv Vv", "xy 66 0F 3A 05")
            .vex("Wv Hv Vv", "xy 66 0F 38 0D")
            .evex("i Wv Vv", "xyz 66 W 0F 3A 05 nv b8 kz")
            .evex("Wv Hv Vv", "xyz 66 W 0F 38 0D nv b8 kz"),
    ),
    (
        VPERMILPS,
        vex("s Wv Vv", "xy 66 0F 3A 04")
            .vex("Wv Hv Vv", "xy 66 0F 38 0C")
            .evex("i Wv Vv", "xyz 66 0F 3A 04 nv b4 kz")
            .evex("Wv Hv Vv", "xyz 66 0F 38 0C nv b4 kz"),
    ),
    (
        VPERMPD,
        vex("s Wy Vy", "y 66 W 0F 3A 01")
            .evex("i Wv Vv", "yz 66 W 0F 3A 01 nv b8 kz")
            .evex("Wv Hv Vv", "yz 66 W 0F 38 16 nv b8 kz"),
    ),
    (
        VPERMPS,
        vex("Wy Hy Vy", "y 66 0F 38 16").evex("Wv Hv Vv", "yz 66 0F 38 16 nv b4 kz"),
    ),
    (
        VPERMQ,
        vex("s Wy Vy", "y 66 W 0F 3A 00")
            .evex("i Wv Vv", "yz 66 W 0F 3A 00 nv b8 kz")
            .evex("Wv Hv Vv", "yz 66 W 0F 38 36 nv b8 kz"),
    ),
    (VPERMT2B, evex("Wv Hv Vv", "xyz 66 0F 38 7D nv kz")),
    (VPERMT2D, evex("Wv Hv Vv", "xyz 66 0F 38 7E nv b4 kz")),
    (VPERMT2PD, evex("Wv Hv Vv", "xyz 66 W 0F 38 7F nv b8 kz")),
    (VPERMT2PS, evex("Wv Hv Vv", "xyz 66 0F 38 7F nv b4 kz")),
    (VPERMT2Q, evex("Wv Hv Vv", "xyz 66 W 0F 38 7E nv b8 kz")),
    (VPERMT2W, evex("Wv Hv Vv", "xyz 66 W 0F 38 7D nv kz")),
    (VPERMW, evex("Wv Hv Vv", "xyz 66 W 0F 38 8D nv kz")),
    (VPEXPANDB, evex("Wv Vv", "xyz 66 0F 38 62 kz")),
    (VPEXPANDD, evex("Wv Vv", "xyz 66 0F 38 89 n4 kz")),
    (VPEXPANDQ, evex("Wv Vv", "xyz 66 W 0F 38 89 n8 kz")),
    (VPEXPANDW, evex("Wv Vv", "xyz 66 W 0F 38 62 n2 kz")),
    (
        VPEXTRB,
        vex("s Vx Ed", "x 66 0F 3A 14").evex("i Vx Ed", "x 66 0F 3A 14"),
    ),
    (
        VPEXTRD,
        vex("s Vx Ed", "x 66 0F 3A 16").evex("i Vx Ed", "x 66 0F 3A 16 n4"),
    ),
    (
        VPEXTRQ,
        vex("s Vx Ed", "x 66 W 0F 3A 16").evex("i Vx Ed", "x 66 W 0F 3A 16 n8"),
    ),
    (
        VPEXTRW,
        vex("s Vx Ed", "x 66 0F 3A 15")
            .vex("s Ux Gd", "x 66 0F C5")
            .evex("i Vx Ed", "x 66 0F 3A 15 n2")
            .evex("i Ux Gd", "x 66 0F C5"),
    ),
    (
        VPGATHERDD,
        vex("Hv Av Vv", "xy 66 0F 38 90").evex("Av K Vv", "xyz 66 0F 38 90 n4"),
    ),
    (
        VPGATHERDQ,
        vex("Hv Ax Vv", "xy 66 W 0F 38 90").evex("Ah K Vv", "xyz 66 W 0F 38 90 n8"),
    ),
    (
        VPGATHERQD,
        vex("Hx Av Vx", "xy 66 0F 38 91").evex("Av K Vh", "xyz 66 0F 38 91 n4"),
    ),
    (
        VPGATHERQQ,
        vex("Hv Av Vv", "xy 66 W 0F 38 91").evex("Av K Vv", "xyz 66 W 0F 38 91 n8"),
    ),
    (
        VPINSRB,
        both("i Ed Hx Vx", "x 66 0F 3A 20", "x 66 0F 3A 20"),
    ),
    (
        VPINSRD,
        both("i Ed Hx Vx", "x 66 0F 3A 22", "x 66 0F 3A 22 n4"),
    ),
    (
        VPINSRQ,
        both("i Ed Hx Vx", "x 66 W 0F 3A 22", "x 66 W 0F 3A 22 n8"),
    ),
    (VPINSRW, both("i Ed Hx Vx", "x 66 0F C4", "x 66 0F C4 n2")),
    (VPLZCNTD, evex("Wv Vv", "xyz 66 0F 38 44 nv b4 kz")),
    (VPLZCNTQ, evex("Wv Vv", "xyz 66 W 0F 38 44 nv b8 kz")),
    (VPMADD52HUQ, evex("Wv Hv Vv", "xyz 66 W 0F 38 B5 nv b8 kz")),
    (VPMADD52LUQ, evex("Wv Hv Vv", "xyz 66 W 0F 38 B4 nv b8 kz")),
    (
        VPMADDUBSW,
        both("Wv Hv Vv", "xy 66 0F 38 04", "xyz 66 0F 38 04 nv kz"),
    ),
    (
        VPMADDWD,
        both("Wv Hv Vv", "xy 66 0F F5", "xyz 66 0F F5 nv kz"),
    ),
    (
        VPMAXSB,
        both("Wv Hv Vv", "xy 66 0F 38 3C", "xyz 66 0F 38 3C nv kz"),
    ),
    (
        VPMAXSD,
        both("Wv Hv Vv", "xy 66 0F 38 3D", "xyz 66 0F 38 3D nv b4 kz"),
    ),
    (VPMAXSQ, evex("Wv Hv Vv", "xyz 66 W 0F 38 3D nv b8 kz")),
    (
        VPMAXSW,
        both("Wv Hv Vv", "xy 66 0F EE", "xyz 66 0F EE nv kz"),
    ),
    (
        VPMAXUB,
        both("Wv Hv Vv", "xy 66 0F DE", "xyz 66 0F DE nv kz"),
    ),
    (
        VPMAXUD,
        both("Wv Hv Vv", "xy 66 0F 38 3F", "xyz 66 0F 38 3F nv b4 kz"),
    ),
    (VPMAXUQ, evex("Wv Hv Vv", "xyz 66 W 0F 38 3F nv b8 kz")),
    (
        VPMAXUW,
        both("Wv Hv Vv", "xy 66 0F 38 3E", "xyz 66 0F 38 3E nv kz"),
    ),
    (
        VPMINSB,
        both("Wv Hv Vv", "xy 66 0F 38 38", "xyz 66 0F 38 38 nv kz"),
    ),
    (
        VPMINSD,
        both("Wv Hv Vv", "xy 66 0F 38 39", "xyz 66 0F 38 39 nv b4 kz"),
    ),
    (VPMINSQ, evex("Wv Hv Vv", "xyz 66 W 0F 38 39 nv b8 kz")),
    (
        VPMINSW,
        both("Wv Hv Vv", "xy 66 0F EA", "xyz 66 0F EA nv kz"),
    ),
    (
        VPMINUB,
        both("Wv Hv Vv", "xy 66 0F DA", "xyz 66 0F DA nv kz"),
    ),
    (
        VPMINUD,
        both("Wv Hv Vv", "xy 66 0F 38 3B", "xyz 66 0F 38 3B nv b4 kz"),
    ),
    (VPMINUQ, evex("Wv Hv Vv", "xyz 66 W 0F 38 3B nv b8 kz")),
    (
        VPMINUW,
        both("Wv Hv Vv", "xy 66 0F 38 3A", "xyz 66 0F 38 3A nv kz"),
    ),
    (VPMOVB2M, evex("Uv Vk", "xyz F3 0F 38 29")),
    (VPMOVD2M, evex("Uv Vk", "xyz F3 0F 38 39")),
    (VPMOVDB, evex("Vv Wx", "xyz F3 0F 38 31 nq kz")),
    (VPMOVDW, evex("Vv Wh", "xyz F3 0F 38 33 nh kz")),
    (VPMOVM2B, evex("Uk Vv", "xyz F3 0F 38 28")),
    (VPMOVM2D, evex("Uk Vv", "xyz F3 0F 38 38")),
    (VPMOVM2Q, evex("Uk Vv", "xyz F3 W 0F 38 38")),
    (VPMOVM2W, evex("Uk Vv", "xyz F3 W 0F 38 28")),
    (VPMOVQ2M, evex("Uv Vk", "xyz F3 W 0F 38 39")),
    (VPMOVQB, evex("Vv Wx", "xyz F3 0F 38 32 ne kz")),
    (VPMOVQD, evex("Vv Wh", "xyz F3 0F 38 35 nh kz")),
    (VPMOVQW, evex("Vv Wx", "xyz F3 0F 38 34 nq kz")),
    (VPMOVSDB, evex("Vv Wx", "xyz F3 0F 38 21 nq kz")),
    (VPMOVSDW, evex("Vv Wh", "xyz F3 0F 38 23 nh kz")),
    (VPMOVSQB, evex("Vv Wx", "xyz F3 0F 38 22 ne kz")),
    (VPMOVSQD, evex("Vv Wh", "xyz F3 0F 38 25 nh kz")),
    (VPMOVSQW, evex("Vv Wx", "xyz F3 0F 38 24 nq kz")),
    (VPMOVSWB, evex("Vv Wh", "xyz F3 0F 38 20 nh kz")),
    (
        VPMOVSXBD,
        both("Wx Vv", "xy 66 0F 38 21", "xyz 66 0F 38 21 nq kz"),
    ),
    (
        VPMOVSXBQ,
        both("Wx Vv", "xy 66 0F 38 22", "xyz 66 0F 38 22 ne kz"),
    ),
    (
        VPMOVSXBW,
        vex("Wx Vv", "xy 66 0F 38 20").evex("Wh Vv", "xyz 66 0F 38 20 nh kz"),
    ),
    (
        VPMOVSXDQ,
        vex("Wx Vv", "xy 66 0F 38 25").evex("Wh Vv", "xyz 66 0F 38 25 nh kz"),
    ),
    (
        VPMOVSXWD,
        vex("Wx Vv", "xy 66 0F 38 23").evex("Wh Vv", "xyz 66 0F 38 23 nh kz"),
    ),
    (
        VPMOVSXWQ,
        both("Wx Vv", "xy 66 0F 38 24", "xyz 66 0F 38 24 nq kz"),
    ),
    (VPMOVUSDB, evex("Vv Wx", "xyz F3 0F 38 11 nq kz")),
    (VPMOVUSDW, evex("Vv Wh", "xyz F3 0F 38 13 nh kz")),
    (VPMOVUSQB, evex("Vv Wx", "xyz F3 0F 38 12 ne kz")),
    (VPMOVUSQD, evex("Vv Wh", "xyz F3 0F 38 15 nh kz")),
    (VPMOVUSQW, evex("Vv Wx", "xyz F3 0F 38 14 nq kz")),
    (VPMOVUSWB, evex("Vv Wh", "xyz F3 0F 38 10 nh kz")),
    (VPMOVW2M, evex("Uv Vk", "xyz F3 W 0F 38 29")),
    (VPMOVWB, evex("Vv Wh", "xyz F3 0F 38 30 nh kz")),
    (
        VPMOVZXBD,
        both("Wx Vv", "xy 66 0F 38 31", "xyz 66 0F 38 31 nq kz"),
    ),
    (
        VPMOVZXBQ,
        both("Wx Vv", "xy 66 0F 38 32", "xyz 66 0F 38 32 ne kz"),
    ),
    (
        VPMOVZXBW,
        vex("Wx Vv", "xy 66 0F 38 30").evex("Wh Vv", "xyz 66 0F 38 30 nh kz"),
    ),
    (
        VPMOVZXDQ,
        vex("Wx Vv", "xy 66 0F 38 35").evex("Wh Vv", "xyz 66 0F 38 35 nh kz"),
    ),
    (
        VPMOVZXWD,
        vex("Wx Vv", "xy 66 0F 38 33").evex("Wh Vv", "xyz 66 0F 38 33 nh kz"),
    ),
    (
        VPMOVZXWQ,
        both("Wx Vv", "xy 66 0F 38 34", "xyz 66 0F 38 34 nq kz"),
    ),
    (
        VPMULDQ,
        both("Wv Hv Vv", "xy 66 0F 38 28", "xyz 66 W 0F 38 28 nv b8 kz"),
    ),
    (
        VPMULHRSW,
        both("Wv Hv Vv", "xy 66 0F 38 0B", "xyz 66 0F 38 0B nv kz"),
    ),
    (
        VPMULHUW,
        both("Wv Hv Vv", "xy 66 0F E4", "xyz 66 0F E4 nv kz"),
    ),
    (
        VPMULHW,
        both("Wv Hv Vv", "xy 66 0F E5", "xyz 66 0F E5 nv kz"),
    ),
    (
        VPMULLD,
        both("Wv Hv Vv", "xy 66 0F 38 40", "xyz 66 0F 38 40 nv b4 kz"),
    ),
    (VPMULLQ, evex("Wv Hv Vv", "xyz 66 W 0F 38 40 nv b8 kz")),
    (
        VPMULLW,
        both("Wv Hv Vv", "xy 66 0F D5", "xyz 66 0F D5 nv kz"),
    ),
    (
        VPMULTISHIFTQB,
        evex("Wv Hv Vv", "xyz 66 W 0F 38 83 nv b8 kz"),
    ),
    (
        VPMULUDQ,
        both("Wv Hv Vv", "xy 66 0F F4", "xyz 66 W 0F F4 nv b8 kz"),
    ),
    (VPOPCNTB, evex("Wv Vv", "xyz 66 0F 38 54 nv kz")),
    (VPOPCNTD, evex("Wv Vv", "xyz 66 0F 38 55 nv b4 kz")),
    (VPOPCNTQ, evex("Wv Vv", "xyz 66 W 0F 38 55 nv b8 kz")),
    (VPOPCNTW, evex("Wv Vv", "xyz 66 W 0F 38 54 nv kz")),
    (VPORD, evex("Wv Hv Vv", "xyz 66 0F EB nv b4 kz")),
    (VPORQ, evex("Wv Hv Vv", "xyz 66 W 0F EB nv b8 kz")),
    (VPROLD, evex("i Wv Hv", "xyz 66 0F 72/1 nv b4 kz")),
    (VPROLQ, evex("i Wv Hv", "xyz 66 W 0F 72/1 nv b8 kz")),
    (VPROLVD, evex("Wv Hv Vv", "xyz 66 0F 38 15 nv b4 kz")),
    (VPROLVQ, evex("Wv Hv Vv", "xyz 66 W 0F 38 15 nv b8 kz")),
    (VPRORD, evex("i Wv Hv", "xyz 66 0F 72/0 nv b4 kz")),
    (VPRORQ, evex("i Wv Hv", "xyz 66 W 0F 72/0 nv b8 kz")),
    (VPRORVD, evex("Wv Hv Vv", "xyz 66 0F 38 14 nv b4 kz")),
    (VPRORVQ, evex("Wv Hv Vv", "xyz 66 W 0F 38 14 nv b8 kz")),
    (VPSADBW, both("Wv Hv Vv", "xy 66 0F F6", "xyz 66 0F F6 nv")),
    (VPSCATTERDD, evex("Vv K Av", "xyz 66 0F 38 A0 n4")),
    (VPSCATTERDQ, evex("Vv K Ah", "xyz 66 W 0F 38 A0 n8")),
    (VPSCATTERQD, evex("Vh K Av", "xyz 66 0F 38 A1 n4")),
    (VPSCATTERQQ, evex("Vv K Av", "xyz 66 W 0F 38 A1 n8")),
    (VPSHLDD, evex("i Wv Hv Vv", "xyz 66 0F 3A 71 nv b4 kz")),
    (VPSHLDQ, evex("i Wv Hv Vv", "xyz 66 W 0F 3A 71 nv b8 kz")),
    (VPSHLDVD, evex("Wv Hv Vv", "xyz 66 0F 38 71 nv b4 kz")),
    (VPSHLDVQ, evex("Wv Hv Vv", "xyz 66 W 0F 38 71 nv b8 kz")),
    (VPSHLDVW, evex("Wv Hv Vv", "xyz 66 W 0F 38 70 nv kz")),
    (VPSHLDW, evex("i Wv Hv Vv", "xyz 66 W 0F 3A 70 nv kz")),
    (VPSHRDD, evex("i Wv Hv Vv", "xyz 66 0F 3A 73 nv b4 kz")),
    (VPSHRDQ, evex("i Wv Hv Vv", "xyz 66 W 0F 3A 73 nv b8 kz")),
    (VPSHRDVD, evex("Wv Hv Vv", "xyz 66 0F 38 73 nv b4 kz")),
    (VPSHRDVQ, evex("Wv Hv Vv", "xyz 66 W 0F 38 73 nv b8 kz")),
    (VPSHRDVW, evex("Wv Hv Vv", "xyz 66 W 0F 38 72 nv kz")),
    (VPSHRDW, evex("i Wv Hv Vv", "xyz 66 W 0F 3A 72 nv kz")),
    (
        VPSHUFB,
        both("Wv Hv Vv", "xy 66 0F 38 00", "xyz 66 0F 38 00 nv kz"),
    ),
    (VPSHUFBITQMB, evex("Wv Hv Vk", "xyz 66 0F 38 8F nv k")),
    (
        VPSHUFD,
        vex("s Wv Vv", "xy 66 0F 70").evex("i Wv Vv", "xyz 66 0F 70 nv b4 kz"),
    ),
    (
        VPSHUFHW,
        vex("s Wv Vv", "xy F3 0F 70").evex("i Wv Vv", "xyz F3 0F 70 nv kz"),
    ),
    (
        VPSHUFLW,
        vex("s Wv Vv", "xy F2 0F 70").evex("i Wv Vv", "xyz F2 0F 70 nv kz"),
    ),
    (
        VPSLLD,
        vex("s Uv Hv", "xy 66 0F 72/6")
            .vex("Wx Hv Vv", "xy 66 0F F2")
            .evex("i Wv Hv", "xyz 66 0F 72/6 nv b4 kz")
            .evex("Wx Hv Vv", "xyz 66 0F F2 n16 kz"),
    ),
    (
        VPSLLDQ,
        vex("s Uv Hv", "xy 66 0F 73/7").evex("i Wv Hv", "xyz 66 0F 73/7 nv"),
    ),
    (
        VPSLLQ,
        vex("s Uv Hv", "xy 66 0F 73/6")
            .vex("Wx Hv Vv", "xy 66 0F F3")
            .evex("i Wv Hv", "xyz 66 W 0F 73/6 nv b8 kz")
            .evex("Wx Hv Vv", "xyz 66 W 0F F3 n16 kz"),
    ),
    (
        VPSLLVD,
        both("Wv Hv Vv", "xy 66 0F 38 47", "xyz 66 0F 38 47 nv b4 kz"),
    ),
    (
        VPSLLVQ,
        both("Wv Hv Vv", "xy 66 W 0F 38 47", "xyz 66 W 0F 38 47 nv b8 kz"),
    ),
    (VPSLLVW, evex("Wv Hv Vv", "xyz 66 W 0F 38 12 nv kz")),
    (
        VPSLLW,
        vex("s Uv Hv", "xy 66 0F 71/6")
            .vex("Wx Hv Vv", "xy 66 0F F1")
            .evex("i Wv Hv", "xyz 66 0F 71/6 nv kz")
            .evex("Wx Hv Vv", "xyz 66 0F F1 n16 kz"),
    ),
    (
        VPSRAD,
        vex("s Uv Hv", "xy 66 0F 72/4")
            .vex("Wx Hv Vv", "xy 66 0F E2")
            .evex("i Wv Hv", "xyz 66 0F 72/4 nv b4 kz")
            .evex("Wx Hv Vv", "xyz 66 0F E2 n16 kz"),
    ),
    (
        VPSRAQ,
        evex("i Wv Hv", "xyz 66 W 0F 72/4 nv b8 kz").evex("Wx Hv Vv", "xyz 66 W 0F E2 n16 kz"),
    ),
    (
        VPSRAVD,
        both("Wv Hv Vv", "xy 66 0F 38 46", "xyz 66 0F 38 46 nv b4 kz"),
    ),
    (VPSRAVQ, evex("Wv Hv Vv", "xyz 66 W 0F 38 46 nv b8 kz")),
    (VPSRAVW, evex("Wv Hv Vv", "xyz 66 W 0F 38 11 nv kz")),
    (
        VPSRAW,
        vex("s Uv Hv", "xy 66 0F 71/4")
            .vex("Wx Hv Vv", "xy 66 0F E1")
            .evex("i Wv Hv", "xyz 66 0F 71/4 nv kz")
            .evex("Wx Hv Vv", "xyz 66 0F E1 n16 kz"),
    ),
    (
        VPSRLD,
        vex("s Uv Hv", "xy 66 0F 72/2")
            .vex("Wx Hv Vv", "xy 66 0F D2")
            .evex("i Wv Hv", "xyz 66 0F 72/2 nv b4 kz")
            .evex("Wx Hv Vv", "xyz 66 0F D2 n16 kz"),
    ),
    (
        VPSRLDQ,
        vex("s Uv Hv", "xy 66 0F 73/3").evex("i Wv Hv", "xyz 66 0F 73/3 nv"),
    ),
    (
        VPSRLQ,
        vex("s Uv Hv", "xy 66 0F 73/2")
            .vex("Wx Hv Vv", "xy 66 0F D3")
            .evex("i Wv Hv", "xyz 66 W 0F 73/2 nv b8 kz")
            .evex("Wx Hv Vv", "xyz 66 W 0F D3 n16 kz"),
    ),
    (
        VPSRLVD,
        both("Wv Hv Vv", "xy 66 0F 38 45", "xyz 66 0F 38 45 nv b4 kz"),
    ),
    (
        VPSRLVQ,
        both("Wv Hv Vv", "xy 66 W 0F 38 45", "xyz 66 W 0F 38 45 nv b8 kz"),
    ),
    (VPSRLVW, evex("Wv Hv Vv", "xyz 66 W 0F 38 10 nv kz")),
    (
        VPSRLW,
        vex("s Uv Hv", "xy 66 0F 71/2")
            .vex("Wx Hv Vv", "xy 66 0F D1")
            .evex("i Wv Hv", "xyz 66 0F 71/2 nv kz")
            .evex("Wx Hv Vv", "xyz 66 0F D1 n16 kz"),
    ),
    (
        VPSUBB,
        both("Wv Hv Vv", "xy 66 0F F8", "xyz 66 0F F8 nv kz"),
    ),
    (
        VPSUBD,
        both("Wv Hv Vv", "xy 66 0F FA", "xyz 66 0F FA nv b4 kz"),
    ),
    (
        VPSUBQ,
        both("Wv Hv Vv", "xy 66 0F FB", "xyz 66 W 0F FB nv b8 kz"),
    ),
    (
        VPSUBSB,
        both("Wv Hv Vv", "xy 66 0F E8", "xyz 66 0F E8 nv kz"),
    ),
    (
        VPSUBSW,
        both("Wv Hv Vv", "xy 66 0F E9", "xyz 66 0F E9 nv kz"),
    ),
    (
        VPSUBUSB,
        both("Wv Hv Vv", "xy 66 0F D8", "xyz 66 0F D8 nv kz"),
    ),
    (
        VPSUBUSW,
        both("Wv Hv Vv", "xy 66 0F D9", "xyz 66 0F D9 nv kz"),
    ),
    (
        VPSUBW,
        both("Wv Hv Vv", "xy 66 0F F9", "xyz 66 0F F9 nv kz"),
    ),
    (VPTERNLOGD, evex("i Wv Hv Vv", "xyz 66 0F 3A 25 nv b4 kz")),
    (VPTERNLOGQ, evex("i Wv Hv Vv", "xyz 66 W 0F 3A 25 nv b8 kz")),
    (VPTESTMB, evex("Wv Hv Vk", "xyz 66 0F 38 26 nv k")),
    (VPTESTMD, evex("Wv Hv Vk", "xyz 66 0F 38 27 nv b4 k")),
    (VPTESTMQ, evex("Wv Hv Vk", "xyz 66 W 0F 38 27 nv b8 k")),
    (VPTESTMW, evex("Wv Hv Vk", "xyz 66 W 0F 38 26 nv k")),
    (VPTESTNMB, evex("Wv Hv Vk", "xyz F3 0F 38 26 nv k")),
    (VPTESTNMD, evex("Wv Hv Vk", "xyz F3 0F 38 27 nv b4 k")),
    (VPTESTNMQ, evex("Wv Hv Vk", "xyz F3 W 0F 38 27 nv b8 k")),
    (VPTESTNMW, evex("Wv Hv Vk", "xyz F3 W 0F 38 26 nv k")),
    (
        VPUNPCKHBW,
        both("Wv Hv Vv", "xy 66 0F 68", "xyz 66 0F 68 nv kz"),
    ),
    (
        VPUNPCKHDQ,
        both("Wv Hv Vv", "xy 66 0F 6A", "xyz 66 0F 6A nv b4 kz"),
    ),
    (
        VPUNPCKHQDQ,
        both("Wv Hv Vv", "xy 66 0F 6D", "xyz 66 W 0F 6D nv b8 kz"),
    ),
    (
        VPUNPCKHWD,
        both("Wv Hv Vv", "xy 66 0F 69", "xyz 66 0F 69 nv kz"),
    ),
    (
        VPUNPCKLBW,
        both("Wv Hv Vv", "xy 66 0F 60", "xyz 66 0F 60 nv kz"),
    ),
    (
        VPUNPCKLDQ,
        both("Wv Hv Vv", "xy 66 0F 62", "xyz 66 0F 62 nv b4 kz"),
    ),
    (
        VPUNPCKLQDQ,
        both("Wv Hv Vv", "xy 66 0F 6C", "xyz 66 W 0F 6C nv b8 kz"),
    ),
    (
        VPUNPCKLWD,
        both("Wv Hv Vv", "xy 66 0F 61", "xyz 66 0F 61 nv kz"),
    ),
    (VPXORD, evex("Wv Hv Vv", "xyz 66 0F EF nv b4 kz")),
    (VPXORQ, evex("Wv Hv Vv", "xyz 66 W 0F EF nv b8 kz")),
];
