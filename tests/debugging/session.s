#include "textflag.h"

TEXT ·add(SB), NOSPLIT, $8-12
	MOVL	a+0(FP), AX
	MOVL	b+4(FP), BX
	ADDL	BX, AX
	MOVL	AX, ret+8(FP)
	RET
