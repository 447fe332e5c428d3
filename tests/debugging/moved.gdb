set pagination off
set width 0
set confirm off
break moved.go:10
run
info args
break moved.go:12
continue
info args
break moved.go:13
continue
info args
delete
break moved.go:25
continue
info locals
continue
info locals
break moved.go:28
continue
info args
info locals
next
info locals
