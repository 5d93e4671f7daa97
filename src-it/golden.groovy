/*
 * Compares the log of a case with its expected.log: every line of that file must stand in the log, whole and in that
 * order, and no diagnostic (a line that starts with the path of a <cluster>) may stand in the log that is not in the
 * file. Each case's verify.groovy calls it; `basedir` is the case's directory.
 */
List<String> log = new File(basedir, 'build.log').readLines()
List<String> expected = new File(basedir, 'expected.log').readLines().findAll { !it.isEmpty() }
assert !expected.isEmpty()

int from = 0
expected.each { line ->
  int at = from
  while (at < log.size() && log[at] != line) {
    at++
  }
  assert at < log.size() : "not in build.log after its line ${from}: ${line}"
  from = at + 1
}

List<String> surplus =
    log.findAll { it ==~ /^\[(ERROR|WARNING)\] cluster[.\[:].*/ && !expected.contains(it) }
assert surplus.isEmpty() : "not expected: ${surplus}"
return true
