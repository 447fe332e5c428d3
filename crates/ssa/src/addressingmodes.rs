//! Addresses of table elements as operands of the loads from there (gc: addressingmodes.go).
//!
//! gc knows many more combinations. minigo's language has indexed addresses only where a switch reads a table of
//! constants.

use crate::config::Config;
use crate::entity::Value;
use crate::func::Func;
use crate::op::Op;
use crate::ty::Type;
use crate::value::Aux;

/// Makes a load from an indexed address an indexed load.
pub(crate) fn addressing_modes(f: &mut Func, _config: &Config) {
    for block_index in 0..f.layout.len() {
        let b = f.layout[block_index];
        for index in 0..f[b].values.len() {
            let v = f[b].values[index];
            let Some(&ptr) = f[v].args.first() else {
                continue;
            };
            let op = match (f[v].op, f[ptr].op) {
                (Op::CMPBconstload, Op::LEAQ1 | Op::ADDQ) => {
                    test_byte(f, v);
                    continue;
                }
                (Op::MOVBload, Op::LEAQ1 | Op::ADDQ) => Op::MOVBloadidx1,
                (Op::MOVWload, Op::LEAQ2) => Op::MOVWloadidx2,
                (Op::MOVLload, Op::LEAQ4) => Op::MOVLloadidx4,
                (Op::MOVQload, Op::LEAQ8) => Op::MOVQloadidx8,
                _ => continue,
            };
            let (load, address) = (&f[v], &f[ptr]);
            let offset = load.aux_int + address.aux_int;
            let aux = match (load.aux, address.aux) {
                (aux, Aux::None) | (Aux::None, aux) => aux,
                _ => continue,
            };
            if i32::try_from(offset).is_err() {
                continue;
            }
            let args = [address.args[0], address.args[1], load.args[1]];
            f.set_op(v, op);
            f.set_args(v, &args);
            f[v].aux = aux;
            f[v].aux_int = offset;
        }
    }
}

/// Makes a comparison of the byte at an indexed address with 0 an indexed load and a test, which is faster than the
/// comparison of memory.
fn test_byte(f: &mut Func, v: Value) {
    let compare = &f[v];
    let (address, pos) = (&f[compare.args[0]], compare.pos);
    let (b, packed) = (
        compare.block.expect("a listed value is in a block"),
        compare.val_and_off(),
    );
    let offset = packed.off() + address.aux_int;
    let aux = match (compare.aux, address.aux) {
        (aux, Aux::None) | (Aux::None, aux) => aux,
        _ => return,
    };
    if packed.val() != 0 || i32::try_from(offset).is_err() {
        return;
    }
    let args = [address.args[0], address.args[1], compare.args[1]];
    let byte = f.new_value_aux(b, pos, Op::MOVBloadidx1, Type::UINT8, offset, aux, &args);
    f.reset(v, Op::TESTB);
    f.add_args(v, &[byte, byte]);
}
