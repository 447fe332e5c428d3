// Prints functions of Go 1.27's compiler after each pass, with all that a pass may look at. The build script beside it lays
// this file over the compiler's package ssa. The form is the one that minigo prints (crates/ssa/src/print.rs) and reads back.

package ssa

import (
	"cmd/compile/internal/abi"
	"cmd/compile/internal/ir"
	"cmd/compile/internal/types"
	"cmd/internal/src"
	"fmt"
	"os"
	"sort"
	"strings"
)

// mgName selects the functions to dump: a name, or "*" for all of them.
var mgName = os.Getenv("MGDUMP")

// mgDump prints f exactly as it stands after phase: blocks and values in their real order,
// with use counts, edge indices and positions (file index:line:column, then ? default,
// + is_stmt, - not_stmt), which the compiler's own text dumps leave out. A section "abi" before
// "start" shows how parameters and results are assigned to registers and offsets.
func mgDump(f *Func, phase string) {
	if mgName == "" || (mgName != "*" && mgName != f.Name) {
		return
	}
	w := os.Stdout
	if phase == "start" {
		mgABI(f)
	}
	fmt.Fprintf(w, "== %s: %s nb=%d nv=%d\n", f.Name, phase, f.NumBlocks(), f.NumValues())
	pos := func(p interface {
		Line() uint
		Col() uint
		IsStmt() uint
		FileIndex() int32
	}) string {
		return fmt.Sprintf("%d:%d:%d%s", p.FileIndex(), p.Line(), p.Col(), [...]string{"?", "+", "-", "!"}[p.IsStmt()])
	}
	mgState(f, phase)
	for _, b := range f.Blocks {
		fmt.Fprintf(w, "  %s: %s @%s preds", b, b.LongString(), pos(b.Pos))
		for _, e := range b.Preds {
			fmt.Fprintf(w, " %s.%d", e.b, e.i)
		}
		fmt.Fprintf(w, " succs")
		for _, e := range b.Succs {
			fmt.Fprintf(w, " %s.%d", e.b, e.i)
		}
		fmt.Fprintln(w)
		for _, v := range b.Values {
			fmt.Fprintf(w, "    %s u%d @%s\n", mgLong(v), v.Uses, pos(v.Pos))
		}
	}
	for _, n := range f.Names {
		fmt.Fprintf(w, "  name %s %v\n", n, f.NamedValues[*n])
	}
}

// mgABI prints one line for each parameter and result of f: its registers, and the offset of its
// home; then the sizes of the stack arguments and of the area to spill registers to.
func mgABI(f *Func) {
	if f.OwnAux == nil || f.OwnAux.abiInfo == nil {
		return
	}
	w := os.Stdout
	fmt.Fprintf(w, "== %s: abi nb=%d nv=%d\n", f.Name, f.NumBlocks(), f.NumValues())
	a := f.OwnAux.abiInfo
	show := func(kind string, list []abi.ABIParamAssignment) {
		for i := range list {
			p := &list[i]
			fmt.Fprintf(w, "  %s %v %v", kind, p.Name, p.Type.String())
			for _, r := range p.Registers {
				fmt.Fprintf(w, " %s", f.Config.registers[f.Config.intParamRegs[r]].name)
			}
			if kind == "in" || len(p.Registers) == 0 {
				fmt.Fprintf(w, " home %d", p.FrameOffset(a))
			}
			fmt.Fprintln(w)
		}
	}
	show("in", a.InParams())
	show("out", a.OutParams())
	fmt.Fprintf(w, "  args %d spill %d at %d\n", a.ArgWidth(), a.SpillAreaSize(), a.SpillAreaOffset())
}

// mgState prints what else a pass may look at: the function, its variables, free lists, the cache of
// constants, names by index, aux operands that are variables, numbers of aux operands, homes.
func mgState(f *Func, phase string) {
	w := os.Stdout
	pos := func(x src.XPos) string {
		return fmt.Sprintf("%d:%d:%d%s", x.FileIndex(), x.Line(), x.Col(), [...]string{"?", "+", "-", "!"}[x.IsStmt()])
	}
	fn := f.fe.Func()
	args := int64(0)
	if f.OwnAux != nil && f.OwnAux.abiInfo != nil {
		args = f.OwnAux.abiInfo.ArgWidth()
	}
	fmt.Fprintf(w, "  func args=%d stack=0 nosplit=%v @%s end=%s\n", args, f.NoSplit, pos(fn.Pos()), pos(fn.Endlineno))
	named := map[*types.Type]bool{}
	note := func(t *types.Type) {
		for t != nil && (t.IsPtr() || t.IsSlice() || t.IsArray()) && t.Sym() == nil {
			t = t.Elem()
		}
		if t == nil || t.Sym() == nil || t.Sym().Pkg != types.LocalPkg || named[t] || !t.IsInteger() && !t.IsBoolean() && !t.IsString() {
			return
		}
		named[t] = true
		fmt.Fprintf(w, "  type %v %v 0\n", t, types.Types[t.Kind()])
	}
	for _, n := range fn.Dcl {
		note(n.Type())
	}
	bases := map[int32]int{}
	base := func(x src.XPos) {
		if i := f.Config.ctxt.PosTable.Pos(x).Base().InliningIndex(); i >= 0 {
			bases[x.FileIndex()] = i
		}
	}
	for _, b := range f.Blocks {
		base(b.Pos)
		for _, v := range b.Values {
			base(v.Pos)
			note(v.Type)
		}
	}
	var files []int
	for i := range bases {
		files = append(files, int(i))
	}
	sort.Ints(files)
	for _, i := range files {
		fmt.Fprintf(w, "  inlined %d %d\n", i, bases[int32(i)])
	}
	index := map[*ir.Name]int{}
	for i, n := range fn.Dcl {
		index[n] = i
		class := "auto"
		switch n.Class {
		case ir.PPARAM:
			class = "param"
		case ir.PPARAMOUT:
			class = "result"
		}
		fmt.Fprintf(w, "  var %s %s %v %d %v @%s\n", n.Sym().Name, class, n.Type(), n.FrameOffset(), n.Used(), pos(n.Pos()))
	}
	fmt.Fprintf(w, "  entry %s\n", f.Entry)
	var free []string
	for v := f.freeValues; v != nil; v = v.argstorage[0] {
		free = append(free, v.String())
	}
	fmt.Fprint(w, "  free")
	for i := len(free) - 1; i >= 0; i-- {
		fmt.Fprint(w, " ", free[i])
	}
	fmt.Fprint(w, "\n  freeb")
	free = free[:0]
	for b := f.freeBlocks; b != nil; b = b.succstorage[0].b {
		free = append(free, b.String())
	}
	for i := len(free) - 1; i >= 0; i-- {
		fmt.Fprint(w, " ", free[i])
	}
	fmt.Fprintln(w)
	var cs []int64
	for c, vs := range f.constants {
		if len(vs) > 0 {
			cs = append(cs, c)
		}
	}
	sort.Slice(cs, func(i, j int) bool { return cs[i] < cs[j] })
	for _, c := range cs {
		fmt.Fprintf(w, "  const %d", c)
		for _, v := range f.constants[c] {
			fmt.Fprint(w, " ", v)
		}
		fmt.Fprintln(w)
	}
	fmt.Fprint(w, "  names")
	for _, n := range f.Names {
		if i, ok := index[n.N]; ok {
			fmt.Fprint(w, " ", i)
		} else {
			fmt.Fprint(w, " -1")
		}
	}
	fmt.Fprintln(w)
	for _, b := range f.Blocks {
		if b.FlagsLiveAtEnd {
			fmt.Fprintf(w, "  flags %s\n", b)
		}
		for _, v := range b.Values {
			if n, ok := v.Aux.(*ir.Name); ok {
				if i, ok := index[n]; ok {
					fmt.Fprintf(w, "  aux %s %d\n", v, i)
				}
			}
		}
	}
	for _, b := range f.Blocks {
		for _, v := range b.Values {
			if v.Aux != nil {
				if n, ok := f.auxmap[v.Aux]; ok {
					fmt.Fprintf(w, "  auxnum %s %d\n", v, n)
				}
			}
		}
	}
	fmt.Fprintf(w, "  auxnums %d %d\n", len(f.auxmap), f.auxmap[nil])
	for id, location := range f.RegAlloc {
		{
			v := fmt.Sprintf("v%d", id)
			switch home := location.(type) {
			case *Register:
				fmt.Fprintf(w, "  home %s reg %d\n", v, mgNumber(home))
			case LocalSlot:
				if i, ok := index[home.N]; ok {
					fmt.Fprintf(w, "  home %s slot %d\n", v, i)
				} else {
					fmt.Fprintf(w, "  home %s slot -1\n", v)
				}
			case LocPair:
				num := func(l Location) int {
					if r, ok := l.(*Register); ok {
						return int(r.num)
					}
					return -1
				}
				fmt.Fprintf(w, "  home %s pair %d %d\n", v, num(home[0]), num(home[1]))
			case LocResults:
				fmt.Fprintf(w, "  home %s results", v)
				for _, l := range home {
					if r, ok := l.(*Register); ok {
						fmt.Fprintf(w, " %d", r.num)
					} else {
						fmt.Fprint(w, " -1")
					}
				}
				fmt.Fprintln(w)
			}
		}
	}
}

// mgLong returns v as the compiler's own dumps print it, with a callee as its name alone.
func mgLong(v *Value) string {
	long := v.LongString()
	if before, after, found := strings.Cut(long, "{AuxCall{"); found {
		return before + "{" + strings.Replace(after, "}}", "}", 1)
	}
	return long
}

// mgNumber returns the number of a register. SB comes behind the registers that minigo has.
func mgNumber(r *Register) int {
	if r.name == "SB" {
		return 32
	}
	return int(r.num)
}
