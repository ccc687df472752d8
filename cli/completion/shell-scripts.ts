/** Shells that the command completes in. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/*
 * Each script asks the command itself for candidates, so that a new command or stage needs no new script. Where there are
 * none, the shell offers files.
 */
const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# enrichline for bash: enrichline completion bash > ~/.local/share/bash-completion/completions/enrichline
_enrichline() {
  local IFS=$'\\n'
  COMPREPLY=($(enrichline complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _enrichline enrichline
`,
  zsh: `#compdef enrichline
# enrichline for zsh: enrichline completion zsh > a file _enrichline in a folder of $fpath
_enrichline() {
  local -a found
  found=("\${(@f)$(enrichline complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  found=(\${found:#})
  if (( \${#found} )); then compadd -a found; else _files; fi
}
if [ "$funcstack[1]" = "_enrichline" ]; then _enrichline "$@"; else compdef _enrichline enrichline; fi
`,
  fish: `# enrichline for fish: enrichline completion fish > ~/.config/fish/completions/enrichline.fish
function __enrichline_candidates
  set -l words (commandline -opc) (commandline -ct)
  enrichline complete -- $words[2..-1] 2>/dev/null
end
complete -c enrichline -a '(__enrichline_candidates)'
`,
};

export const completionScript = (shell: Shell): string => SCRIPTS[shell];
