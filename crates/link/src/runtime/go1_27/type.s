// Names in descriptors of types.
//
// Source: gc internal/abi/type.go, Name.

#include "textflag.h"

// SI, DX: address and length of the name AX without its first character. The name of a type is that of the pointer to
// it, with a star.
TEXT runtime·typename(SB), NOSPLIT, $0-0
	LEAQ	1(AX), SI
	CALL	runtime·readvarint(SB)
	MOVL	AX, DX
	DECQ	DX
	INCQ	SI
	RET
