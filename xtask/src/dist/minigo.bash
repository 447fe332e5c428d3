# Completions of minigo for bash 4 or later.

_minigo() {
    local cur=$2 flag=$3 first= command= word words= flags= values=
    COMPREPLY=()
    # Where = breaks words, -flag=value is three of them.
    if [[ ${COMP_WORDS[COMP_CWORD]} == "=" ]]; then
        cur=
        flag="$flag="
    elif [[ $flag == "=" ]]; then
        flag="${COMP_WORDS[COMP_CWORD - 2]}="
    elif [[ $cur == -*=* ]]; then
        flag="${cur%%=*}="
        first=$flag
        cur=${cur#*=}
    fi
    flag=${flag/#--/-}
    for word in "${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
        case $word in
            COMMANDS)
                command=$word
                break
                ;;
        esac
    done
    case $command in
TABLE
    esac
    if [[ -n $values ]]; then
        words=$values
    elif [[ $cur == -* ]]; then
        words=$flags
    fi
    COMPREPLY=($(compgen -P "$first" -W "$words" -- "$cur"))
}

complete -F _minigo -o bashdefault -o default minigo
