import assert from "node:assert/strict";
import { test } from "node:test";
import { isLooking } from "../../../../src/core/policy/commands/looking.ts";
import { pathsOf } from "../../../../src/core/policy/paths.ts";
import { createShellSyntax } from "../../../../src/host/node/shell/shellSyntax.ts";

const syntax = createShellSyntax({ shell: "/bin/bash" });
const place = { paths: pathsOf({ os: "linux" }), cwd: "/home/ada/app", roots: ["/home/ada/app", "/tmp"] };

/** Whether a command line runs unasked in a thread that trusts nothing, since it only looks. */
async function check(line: string, expected: "looks" | "asks", cwd = place.cwd) {
  assert.equal(isLooking(await syntax.commandsOf(line, "bash"), { ...place, cwd }) ? "looks" : "asks", expected);
}

/** One test for each line of a text. */
function checkLines(expected: "looks" | "asks", lines: string) {
  for (const line of lines.split("\n").map((one) => one.trim()))
    if (line !== "") test(`${expected}: ${line}`, () => check(line, expected));
}

checkLines(
  "looks",
  String.raw`
  ls
  ls -la
  ls -la src test
  ls -1 --color=never src
  ls -- -odd
  ls /home/ada/app/src
  ls /tmp
  ls src/../test
  ls . && ls ./src
  cat README.md
  cat -n src/a.ts src/b.ts
  cat a b | head -20
  head -n 5 a
  head -5 a
  head -c 100 a
  head --lines=5 a
  tail -n 20 a
  tail -n -3 a
  tail -n5 a
  wc -l a b
  wc --lines a
  nl -ba a
  tac a
  stat a
  stat -c '%s %n' a
  file a
  file -b --mime-type a
  du -sh src
  du -d 1 -h
  df -h
  pwd
  echo
  echo a b
  echo '--- tests ---'
  echo -n a
  printf '%s\n' a b
  printf 'a %-5s b\n' c
  true
  false || true
  which node
  type -a node
  command -v node npm
  date
  date -u +%Y-%m-%d
  date -d '2 days ago' +%s
  uname -a
  whoami
  hostname
  id -un
  ps aux
  ps -ef
  sort a
  sort -rn -k 2 a
  sort -t ',' -k1,1 -u a
  uniq -c a
  uniq
  cut -d ' ' -f 1 a
  cut -d, -f2- a
  tr a-z A-Z
  tr -d '\n'
  basename src/a.ts .ts
  basename /etc/passwd
  dirname /etc/passwd
  realpath src
  readlink -f src
  tree -L 2 src
  tree -a -I 'node_modules|dist'
  diff a b
  diff -u a b
  diff -rq src test
  cmp a b
  comm -12 a b
  sha256sum a
  md5sum a b
  od -c a
  xxd -l 64 a
  xxd -p a
  xxd -ps -c8 a
  xxd -s4 -l 2 a
  tree -aL 2
  tree -L2 -dfi src
  tree -a --filelimit 9 -P '*.ts' src
  jq .env a.json
  jq '.environment, .scripts.env' a.json
  cut -f 1 a -d ,
  hexdump -C -n 64 a
  seq 1 10
  test -f a
  test -d src && echo there
  jq . package.json
  jq -r '.scripts | keys[]' package.json
  node --version
  npm --version
  python3 --version
  npm ls --depth=0
  npm list --all --json
  grep foo a
  grep -rn foo src
  grep -rn 'a\|b' src --include='*.ts'
  grep -E '^(a|b)$' a
  grep -e a -e b c
  grep -A3 -B 3 foo a
  grep /api/users src/routes.ts
  grep -c foo a b
  egrep -o 'a+' b
  rg foo
  rg -n --hidden foo src
  rg -tts 'a b' src
  rg --files src
  rg -g '!dist' foo
  rg --files | grep test | wc -l
  fd foo src
  fd -e ts -t f
  find .
  find . -name '*.ts'
  find src test -type f -name 'a*' -not -path '*/dist/*'
  find . -maxdepth 2 -type d -print
  find . \( -name a -o -name b \) -print0
  find -L . -newer a -size +10k
  find . '!' -name a
  find . -mtime -7
  sed -n 1,20p a
  sed -n '5p' a
  sed -n '1,5p;10,$p' a
  sed -n '10,+5p' a
  sed -n '/a/p' a
  sed -n '/^export function b(/,/^}/p' a
  sed -n '1,/b\.c/p;$p' a
  node -v
  python3 -V && npm -v
  cd src
  cd src && ls
  cd ./src; cat a
  cd -- src
  git status
  git status -sb
  git status --porcelain=v1 -uall
  git log
  git log --oneline -5
  git log -n 5 --stat -- src
  git log -p --follow -- a
  git log --format='%h %an %s' --since='2 days ago'
  git log main..HEAD --graph --decorate
  git log --author=x --grep=y -i
  git log --all --oneline --no-merges
  git --no-pager log -3
  git -C src log
  git diff
  git diff --cached
  git diff --staged --stat
  git diff HEAD~1 -- src
  git diff main...HEAD --name-only
  git diff -U5 --no-ext-diff
  git diff --word-diff=color a
  git show
  git show HEAD
  git show HEAD:src/a.ts
  git show --stat HEAD^
  git blame a
  git blame -L 10,20 a
  git rev-parse HEAD
  git rev-parse --show-toplevel
  git rev-parse --abbrev-ref HEAD
  git ls-files
  git ls-files --others --exclude-standard
  git ls-tree -r HEAD --name-only
  git branch
  git branch -a
  git branch -vv
  git branch --show-current
  git branch --list 'a*'
  git branch --merged
  git tag
  git tag -l 'v*'
  git remote
  git remote -v
  git remote get-url origin
  git stash list
  git worktree list
  git reflog -n 5
  git describe --tags --always
  git merge-base main HEAD
  git cat-file -p HEAD
  git shortlog -sn HEAD
  git for-each-ref --sort=-committerdate refs/heads
  git grep -n foo
  git grep -e foo -- src
  git --version
  ls 2>/dev/null
  ls missing 2>&1 | tail -1
  bash -c 'ls && pwd'
  bash -lc "git status"
  ls && pwd || true; echo done
  `,
);
test("looks: several lines", () => check("ls\npwd\n\ngit status\n", "looks"));

checkLines(
  "asks",
  String.raw`
  rm a
  rm -rf .
  touch a
  mv a b
  cp a b
  mkdir a
  chmod +x a
  ln -s a b
  tee a
  dd if=a of=b
  truncate -s 0 a
  curl example.org
  wget example.org
  nc example.org 80
  ssh example.org
  npm test
  npm install
  npm ls -g
  npm ls --prefix /etc
  npm version
  node a.js
  node -e 1
  node --version a.js
  python3 -c 1
  make
  yarn --version
  cargo --version
  ls && rm a
  ls; rm a
  ls | rm a
  rm a || ls
  ls | xargs rm
  xargs ls
  env
  env ls
  env A=1 ls
  sudo ls
  time ls
  nohup ls
  timeout 5 ls
  command ls
  command -v
  builtin ls
  exec ls
  eval ls
  source a
  . ./a
  bash
  bash a.sh
  bash -c 'rm a'
  bash -c "bash -c 'ls'"
  bash -c 'ls' a
  sh -s
  bash -ic ls
  /tmp/bash -c ls
  ./ls
  /tmp/ls
  /bin/ls
  ../ls
  src/ls
  LD_PRELOAD=a ls
  PATH=/tmp ls
  PATH=/tmp:$PATH ls
  A=1
  export A=1
  alias ls=rm
  unset A
  set -e
  trap ls EXIT
  hash -p /tmp/a ls
  hash -r
  enable -n ls
  read a
  ls > a
  ls >> a
  ls 2> a
  ls &> a
  cat < a
  cat <<< a
  cat <(ls)
  ls > /dev/null a
  ls > /dev/tcp/example.org/80
  cat /dev/tcp/example.org/80
  ls $HOME
  ls "$HOME"
  ls $(pwd)
  ls ${"`"}pwd${"`"}
  echo $(id)
  echo "$(id)"
  echo $OPENAI_API_KEY
  ls *
  ls *.ts
  cat a?
  ls [ab]
  ls {a,b}
  ls ~
  cat ~/.ssh/id_rsa
  cat ~root/a
  cat /etc/passwd
  cat /home/user/.ssh/id_rsa
  cat ../secret
  cat src/../../secret
  cat /home/ada/app/../secret
  cat /home/ada/application/a
  cat /proc/self/environ
  cat /dev/sda
  ls ..
  ls /
  ls -la /root
  ls -a --hide=x /etc
  head -n 5 /etc/passwd
  head -n5 -- /etc/passwd
  tail -f a
  tail --follow a
  tail -n -f a
  grep -r key /home
  grep x ../a
  grep -f /etc/passwd a
  grep -f/etc/passwd a
  grep -e x /etc/passwd
  grep -re x /etc
  grep --file=/etc/passwd a
  grep -z x a
  rg foo /etc
  rg foo ..
  rg --pre ./a foo
  rg --pre=./a foo
  rg --pre-glob '*' foo
  rg --hostname-bin=./a foo
  rg --hostname-bin ./a foo
  rg -z foo
  rg -nz foo
  rg --search-zip foo
  rg -f /etc/passwd a
  rg --ignore-file=/etc/passwd a
  rg --hyperlink-format=x a
  rg --files /etc
  rg --generate man
  fd -x rm
  fd a -x rm
  fd -X rm
  fd --exec rm
  fd --exec-batch rm
  fd -l
  fd a /etc
  fd --base-directory /etc
  fd --search-path=/etc a
  find / -name a
  find .. -name a
  find . -exec rm {} +
  find . -exec ls ';'
  find . -execdir ls ';'
  find . -ok ls ';'
  find . -okdir ls ';'
  find . -delete
  find . -fprint a
  find . -fprint0 a
  find . -fprintf a %p
  find . -fls a
  find . -files0-from a
  find -D exec .
  find . -newer /etc/passwd
  find . -samefile /etc/passwd
  find . -name
  find . -name a -unknown
  find . -name a /etc
  sed 1p a
  sed -i s/a/b/ a
  sed -n -i 1p a
  sed -n 1p a -i
  sed -ni 1p a
  sed -n --in-place 1p a
  sed -n 1p -f a
  sed -n -e 1p a
  sed -n 1e a
  sed -n '1e id'
  sed -n '1w b' a
  sed -n '1r /etc/passwd' a
  sed -n 's/a/b/e' a
  sed -n '1p;e' a
  sed -n '1,5p;w b' a
  sed -n /a/w a
  sed -n '/a/e'
  sed -n '/a/pe' a
  sed -n '/a/pw b' a
  sed -n '/a\/p;1w b' a
  sed -n '/a/,/b/w c' a
  sed -n '/a/I,1p' a
  sed -n '/[/]/w b;/]/p' a
  sed -n '/a/{p;w b' a
  sed -n //p a
  node -v a.js
  npm -v test
  python3 -V a.py
  python3 -v
  sed -n 1p /etc/passwd
  sed -f a b
  awk 1 a
  awk 'BEGIN { system("id") }'
  gawk 1 a
  perl -ne print a
  sort -o a b
  sort -oa b
  sort --output=a b
  sort --outp=a b
  sort -ro a b
  sort --compress-program=./a b
  sort --compress-prog ./a b
  sort -T /tmp a
  sort -T. a
  sort --temporary-directory=/tmp a
  sort --files0-from=a
  sort -S 1 a
  sort --random-source=/etc/passwd a
  sort /etc/passwd
  uniq a b
  uniq -c a b
  uniq -f 1 a b
  uniq -- a b
  cut -f1 /etc/passwd
  tee
  split a
  tar tf a
  tar -cf a b --checkpoint-action=exec=id
  zip a b
  gzip a
  date -s 2030-01-01
  date --set=2030-01-01
  date --se 2030-01-01
  date 010100002030
  date -f a
  date --file=a
  date -r /etc/passwd
  date -us 2030-01-01
  tree -o a
  tree -ao a
  tree -R
  tree --fromfile a
  tree /etc
  file -C -m a
  file -m a b
  file -f a
  file -z a
  file --compile
  file -bC a
  stat /etc/passwd
  du -X /etc/passwd
  du --files0-from=a
  wc --files0-from=a
  wc --files0-from=/etc/passwd
  diff a /etc/passwd
  diff --to-file=/etc/passwd a
  diff --from-file /etc/passwd a
  diff -l a b
  diff --paginate a b
  diff --to-fi=a b
  cmp a ../b
  md5sum -c a
  sha256sum --check a
  xxd a b
  xxd -r a
  xxd a -b
  xxd a --
  uniq a --
  xxd -bc 8 a
  xxd -ps 4 a
  xxd -cols a
  uniq a -c
  tree -Io a b
  tree -aPo a b
  tree -Lo 2 a
  tree -IR a
  column a -s /etc/passwd
  cut -f 1 a -d /etc/passwd
  jq -n env
  jq -n '$ENV.A'
  jq '[env|keys]' a
  jq -n '"a"|modulemeta'
  hostname -f
  hostname -i
  jq -f a b
  jq -L /etc . a
  jq --rawfile a /etc/passwd . b
  jq --slurpfile a /etc/passwd . b
  jq 'import "a" as b; .' c
  jq 'include "a"; .' c
  jq . /etc/passwd
  jq
  column -t /etc/passwd
  printf -v a b
  printf -v PATH /tmp
  printf -- -v
  printf '%n' PATH
  printf 'ab%5n' PATH
  printf '%d' 'a[0]'
  printf '%(%s)T'
  hostname a
  ps auxe
  ps e
  less a
  more a
  man ls
  vim a
  watch ls
  yes
  sleep 1
  kill 1
  history
  fc -l
  test -f /etc/passwd
  test -v 'a[0]'
  test 1 -eq 'a[0]'
  cd
  cd -
  cd +1
  cd /home/ada/app/src && ls ..
  cd src && cat ../a
  rg -e '--pre' src
  cd ..
  cd /
  cd /etc && ls
  cd -P src
  cd a b
  cd ..; cat app/a
  cd src && cat ../../a
  cd src; cat ../../a
  cd missing; cat ../a
  cd src | cat ../a
  pushd src
  popd
  git
  git -c core.pager=./a log
  git -c a=b status
  git -ca=b log
  git -p log
  git --paginate log
  git --exec-path=. status
  git --exec-path
  git --git-dir=/etc status
  git --work-tree=/ status
  git --config-env=a=b log
  git --namespace=a log
  git --bare log
  git -C /etc log
  git -C .. log
  git -C src -C ../.. log
  git -C src show ../../a
  git -C
  git add a
  git commit -m a
  git push
  git pull
  git fetch
  git checkout a
  git switch a
  git restore a
  git reset --hard
  git clean -fd
  git rebase main
  git merge a
  git stash
  git stash pop
  git stash list -p
  git stash drop
  git init
  git clone a
  git config user.name
  git config --list
  git config alias.a '!id'
  git submodule foreach ls
  git bisect run ls
  git log --output=a
  git log --outp=a
  git log --output a
  git diff --output=a
  git diff --ext-diff
  git diff --ext-d
  git diff --textconv
  git diff --textc
  git diff -O a
  git diff -Oa
  git diff --no-index a /etc/passwd
  git diff -- /etc/passwd
  git log -p --ext-diff
  git log --textconv
  git log --show-signature
  git log --show-sig
  git log --format=%G?
  git log --pretty=format:%GS
  git log -L:a:b
  git log --no-pager
  git log --stdin
  git show --textconv
  git show --output=a HEAD
  git blame --contents /etc/passwd a
  git blame --contents=/etc/passwd a
  git blame --textconv a
  git blame -S a b
  git blame --ignore-revs-file=/etc/passwd a
  git grep -O foo
  git grep -Oless foo
  git grep -nO foo
  git grep --open-files-in-pager=./a foo
  git grep --open foo
  git grep --textconv foo
  git grep -f /etc/passwd
  git grep --no-index foo /etc
  git branch a
  git branch -d a
  git branch -D a
  git branch -m a
  git branch -f a
  git branch -v a
  git branch --edit-description
  git branch --set-upstream-to=a
  git branch -u a
  git branch --contains HEAD a
  git branch --format='%(signature)'
  git tag a
  git tag -d a
  git tag -v a
  git tag -a a -m b
  git tag -n a
  git remote add a b
  git remote remove a
  git remote show a
  git remote update
  git remote set-url a b
  git worktree add a
  git worktree list a
  git reflog delete a
  git reflog expire
  git cat-file --textconv HEAD:a
  git cat-file --filters HEAD:a
  git cat-file --batch
  git rev-parse --parseopt
  git rev-list --stdin
  git ls-files -X /etc/passwd
  git ls-files --with-tree=a
  git ls-remote
  git archive HEAD
  git gc
  git fsck
  git help log
  git instaweb
  git difftool
  git update-ref a b
  git hash-object -w a
  git apply a
  git foo
  gitk
  gh pr list
  docker ps
  kubectl get pods
  ls -Z --context=x
  ls --unknown
  ls --al
  ls -%
  ls -w
  ls --color=never --unknown
  cat --show-all --unknown a
  cat -l a
  head --line=5 a
  head -n
  wc --lin a
  echo 'a' > b
  ls &
  ls & pwd
  (ls)
  { ls; }
  ! ls
  if true; then ls; fi
  for a in b; do ls; done
  while true; do ls; done
  ls() { rm a; }
  function ls { rm a; }
  [ -f a ]
  [[ -f a ]]
  ((1))
  ls # a
  ls \a\
  `,
);
test("asks: a here document", () => check("cat <<E\na\nE", "asks"));
test("asks: nothing", () => check("", "asks"));
test("asks: only a comment", () => check("# ls", "asks"));
test("asks: a NUL", () => check("ls\0", "asks"));
test("asks: a carriage return", () => check("ls\r", "asks"));
test("asks: a line that goes on", () => check("ls \\\n -l", "asks"));
test("asks: 51 commands", () => check(Array(51).fill("ls").join(";"), "asks"));
test("looks: 50 commands", () => check(Array(50).fill("ls").join(";"), "looks"));
test("asks: a program whose name is a command line", () => check("'node --version'", "asks"));
test("asks: an object's own names are no programs", () => check("constructor; toString; __proto__", "asks"));
test("asks: nor are they subcommands", () => check("git constructor", "asks"));
test("asks: looking where the command runs, when that is outside", () => check("ls", "asks", "/home/user/.ssh"));
test("asks: reading there, too", () => check("cat id_rsa", "asks", "/home/user/.ssh"));
test("looks: in the folder for temporary files", () => check("ls", "looks", "/tmp/x"));
