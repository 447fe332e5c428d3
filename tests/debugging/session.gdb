set pagination off
set width 0
set confirm off
break session.go:9 if n == 2
run
bt
info args
info locals
up
info args
finish
delete
break session.go:17
continue
next
info locals
step
bt
info args
next
delete
break session.go:21
continue
info args
next
info args
delete
break session.go:32
continue
bt 3
bt -3
frame 300
info args
delete
break session.s:6
continue
bt
next
info registers eax
finish
continue
