// Names in descriptors of types.
//
// Source: gc runtime/type.go, name.

#include "textflag.h"

// SI, DX: address and length of the name AX without its first character. The name of a type is that of the pointer to
// it, with a star.
TEXT runtime·typename(SB), NOSPLIT, $0-0
	MOVBLZX	1(AX), CX
	SHLL	$8, CX
	MOVBLZX	2(AX), DX
	ORL	CX, DX
	DECQ	DX
	LEAQ	4(AX), SI
	RET
