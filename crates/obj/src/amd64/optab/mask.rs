//! Bit manipulation with VEX prefix, and instructions on mask registers.

use super::avx::{AvxRows, vex};
use crate::amd64::As::*;

/// See [`super::avx`] for the notation.
pub(super) const ROWS: AvxRows = &[
    (ANDNL, vex("Ed Bd Gd", "x 0F 38 F2")),
    (ANDNQ, vex("Ed Bd Gd", "x W 0F 38 F2")),
    (BEXTRL, vex("Bd Ed Gd", "x 0F 38 F7")),
    (BEXTRQ, vex("Bd Ed Gd", "x W 0F 38 F7")),
    (BLSIL, vex("Ed Bd", "x 0F 38 F3/3")),
    (BLSIQ, vex("Ed Bd", "x W 0F 38 F3/3")),
    (BLSMSKL, vex("Ed Bd", "x 0F 38 F3/2")),
    (BLSMSKQ, vex("Ed Bd", "x W 0F 38 F3/2")),
    (BLSRL, vex("Ed Bd", "x 0F 38 F3/1")),
    (BLSRQ, vex("Ed Bd", "x W 0F 38 F3/1")),
    (BZHIL, vex("Bd Ed Gd", "x 0F 38 F5")),
    (BZHIQ, vex("Bd Ed Gd", "x W 0F 38 F5")),
    (KADDB, vex("Uk Hk Vk", "y 66 0F 4A")),
    (KADDD, vex("Uk Hk Vk", "y 66 W 0F 4A")),
    (KADDQ, vex("Uk Hk Vk", "y W 0F 4A")),
    (KADDW, vex("Uk Hk Vk", "y 0F 4A")),
    (KANDB, vex("Uk Hk Vk", "y 66 0F 41")),
    (KANDD, vex("Uk Hk Vk", "y 66 W 0F 41")),
    (KANDNB, vex("Uk Hk Vk", "y 66 0F 42")),
    (KANDND, vex("Uk Hk Vk", "y 66 W 0F 42")),
    (KANDNQ, vex("Uk Hk Vk", "y W 0F 42")),
    (KANDNW, vex("Uk Hk Vk", "y 0F 42")),
    (KANDQ, vex("Uk Hk Vk", "y W 0F 41")),
    (KANDW, vex("Uk Hk Vk", "y 0F 41")),
    (
        KMOVB,
        vex("Vk M", "x 66 0F 91")
            .vex("Uk Gd", "x 66 0F 93")
            .vex("Wk Vk", "x 66 0F 90")
            .vex("Rd Vk", "x 66 0F 92"),
    ),
    (
        KMOVD,
        vex("Vk M", "x 66 W 0F 91")
            .vex("Uk Gd", "x F2 0F 93")
            .vex("Wk Vk", "x 66 W 0F 90")
            .vex("Rd Vk", "x F2 0F 92"),
    ),
    (
        KMOVQ,
        vex("Vk M", "x W 0F 91")
            .vex("Uk Gd", "x F2 W 0F 93")
            .vex("Wk Vk", "x W 0F 90")
            .vex("Rd Vk", "x F2 W 0F 92"),
    ),
    (
        KMOVW,
        vex("Vk M", "x 0F 91")
            .vex("Uk Gd", "x 0F 93")
            .vex("Wk Vk", "x 0F 90")
            .vex("Rd Vk", "x 0F 92"),
    ),
    (KNOTB, vex("Uk Vk", "x 66 0F 44")),
    (KNOTD, vex("Uk Vk", "x 66 W 0F 44")),
    (KNOTQ, vex("Uk Vk", "x W 0F 44")),
    (KNOTW, vex("Uk Vk", "x 0F 44")),
    (KORB, vex("Uk Hk Vk", "y 66 0F 45")),
    (KORD, vex("Uk Hk Vk", "y 66 W 0F 45")),
    (KORQ, vex("Uk Hk Vk", "y W 0F 45")),
    (KORTESTB, vex("Uk Vk", "x 66 0F 98")),
    (KORTESTD, vex("Uk Vk", "x 66 W 0F 98")),
    (KORTESTQ, vex("Uk Vk", "x W 0F 98")),
    (KORTESTW, vex("Uk Vk", "x 0F 98")),
    (KORW, vex("Uk Hk Vk", "y 0F 45")),
    (KSHIFTLB, vex("i Uk Vk", "x 66 0F 3A 32")),
    (KSHIFTLD, vex("i Uk Vk", "x 66 0F 3A 33")),
    (KSHIFTLQ, vex("i Uk Vk", "x 66 W 0F 3A 33")),
    (KSHIFTLW, vex("i Uk Vk", "x 66 W 0F 3A 32")),
    (KSHIFTRB, vex("i Uk Vk", "x 66 0F 3A 30")),
    (KSHIFTRD, vex("i Uk Vk", "x 66 0F 3A 31")),
    (KSHIFTRQ, vex("i Uk Vk", "x 66 W 0F 3A 31")),
    (KSHIFTRW, vex("i Uk Vk", "x 66 W 0F 3A 30")),
    (KTESTB, vex("Uk Vk", "x 66 0F 99")),
    (KTESTD, vex("Uk Vk", "x 66 W 0F 99")),
    (KTESTQ, vex("Uk Vk", "x W 0F 99")),
    (KTESTW, vex("Uk Vk", "x 0F 99")),
    (KUNPCKBW, vex("Uk Hk Vk", "y 66 0F 4B")),
    (KUNPCKDQ, vex("Uk Hk Vk", "y W 0F 4B")),
    (KUNPCKWD, vex("Uk Hk Vk", "y 0F 4B")),
    (KXNORB, vex("Uk Hk Vk", "y 66 0F 46")),
    (KXNORD, vex("Uk Hk Vk", "y 66 W 0F 46")),
    (KXNORQ, vex("Uk Hk Vk", "y W 0F 46")),
    (KXNORW, vex("Uk Hk Vk", "y 0F 46")),
    (KXORB, vex("Uk Hk Vk", "y 66 0F 47")),
    (KXORD, vex("Uk Hk Vk", "y 66 W 0F 47")),
    (KXORQ, vex("Uk Hk Vk", "y W 0F 47")),
    (KXORW, vex("Uk Hk Vk", "y 0F 47")),
    (MULXL, vex("Ed Bd Gd", "x F2 0F 38 F6")),
    (MULXQ, vex("Ed Bd Gd", "x F2 W 0F 38 F6")),
    (PDEPL, vex("Ed Bd Gd", "x F2 0F 38 F5")),
    (PDEPQ, vex("Ed Bd Gd", "x F2 W 0F 38 F5")),
    (PEXTL, vex("Ed Bd Gd", "x F3 0F 38 F5")),
    (PEXTQ, vex("Ed Bd Gd", "x F3 W 0F 38 F5")),
    (RORXL, vex("s Ed Gd", "x F2 0F 3A F0")),
    (RORXQ, vex("s Ed Gd", "x F2 W 0F 3A F0")),
    (SARXL, vex("Bd Ed Gd", "x F3 0F 38 F7")),
    (SARXQ, vex("Bd Ed Gd", "x F3 W 0F 38 F7")),
    (SHLXL, vex("Bd Ed Gd", "x 66 0F 38 F7")),
    (SHLXQ, vex("Bd Ed Gd", "x 66 W 0F 38 F7")),
    (SHRXL, vex("Bd Ed Gd", "x F2 0F 38 F7")),
    (SHRXQ, vex("Bd Ed Gd", "x F2 W 0F 38 F7")),
];
