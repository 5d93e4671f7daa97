# What can be said of the R files that workr:emit-r-cluster writes without running them. Usage: Rscript r-calls.R FOLDER
# All must parse; of each package::name in them the package must have the name, and the function the named arguments. What
# belongs to packages that are not installed here is listed as not checked. Exit code 1 when something is wrong.

folder <- commandArgs(TRUE)[[1L]]
files <- list.files(folder, "[.]R$", full.names = TRUE)
problems <- character()
found <- list()
wrong <- function(...) problems <<- c(problems, sprintf(...))

is_qualified <- function(code) {
  is.call(code) && length(code) == 3L && (identical(code[[1L]], quote(`::`)) || identical(code[[1L]], quote(`:::`)))
}

note <- function(code, arguments, file) {
  found[[length(found) + 1L]] <<- list(package = as.character(code[[2L]]), name = as.character(code[[3L]]),
                                       arguments = setdiff(arguments, ""), file = file)
}

walk <- function(code, file) {
  if (is_qualified(code)) return(note(code, character(), file))
  if (!is.call(code) && !is.expression(code) && !is.pairlist(code)) return(invisible())
  if (is.call(code) && is_qualified(code[[1L]])) {
    note(code[[1L]], names(code[-1L]), file)
    code <- as.list(code)[-1L]
  }
  parts <- as.list(code)
  empty <- vapply(parts, identical, NA, quote(expr = ))
  for (part in parts[!empty]) walk(part, file)
}

check <- function(call) {
  text <- sprintf("%s::%s", call$package, call$name)
  if (!call$name %in% getNamespaceExports(call$package)) return(wrong("%s: there is no %s", call$file, text))
  value <- getExportedValue(call$package, call$name)
  if (!is.function(value) || is.primitive(value)) return(invisible())
  unknown <- setdiff(call$arguments, names(formals(value)))
  if (length(unknown) && !"..." %in% names(formals(value))) {
    wrong("%s: %s has no argument %s", call$file, text, paste(unknown, collapse = ", "))
  }
}

for (file in files) {
  code <- tryCatch(parse(file), error = function(e) wrong("%s: %s", basename(file), conditionMessage(e)))
  walk(code, basename(file))
}
packages <- unique(vapply(found, `[[`, "", "package"))
installed <- Filter(function(package) requireNamespace(package, quietly = TRUE), packages)
known <- Filter(function(call) call$package %in% installed, found)
for (call in known) check(call)
others <- Filter(function(call) !call$package %in% installed, found)
others <- sort(unique(vapply(others, function(call) sprintf("%s::%s", call$package, call$name), "")))

# As batchtools does it: what stands between <%= and %> is replaced by its value; the rest must be shell.
template <- paste(readLines(file.path(folder, "slurm.tmpl")), collapse = "\n")
filled_in <- function(resources) {
  values <- list(job.name = "job", log.file = "log", uri = "job.rds", resources = resources)
  places <- gregexpr("<%=.*?%>", template, perl = TRUE)
  value <- function(place) as.character(eval(parse(text = substr(place, 4L, nchar(place) - 2L)), values))
  job <- template
  regmatches(job, places) <- list(vapply(regmatches(template, places)[[1L]], value, ""))
  script <- tempfile()
  writeLines(job, script)
  if (system2("bash", c("-n", script)) != 0L) wrong("slurm.tmpl is no shell script when it is filled in")
  sub("^#SBATCH ", "", grep("^#SBATCH ", strsplit(job, "\n")[[1L]], value = TRUE))
}
usual <- c("--job-name=job", "--output=log", "--error=log", "--nodes=1", "--ntasks=1")
little <- c(usual, "--cpus-per-task=1", "--mem=2G", "--time=01:00:00")
much <- c(usual, "--cpus-per-task=2", "--mem=4G", "--time=02:00:00", "--partition=long", "--exclusive")
all_resources <- list(ncpus = 2L, memory = "4G", time = "02:00:00", partition = "long", exclusive = TRUE)
if (!setequal(filled_in(list()), little)) wrong("slurm.tmpl without resources: %s", paste(filled_in(list()), collapse = " "))
if (!setequal(filled_in(all_resources), much)) wrong("slurm.tmpl: %s", paste(filled_in(all_resources), collapse = " "))

cat(sprintf("%d files, %d calls checked, of the packages %s\n", length(files), length(known), paste(installed, collapse = ", ")))
if (length(others)) cat("not checked, as their packages are not here:", others, sep = "\n  ")
cat("\n")
if (length(files) < 5L || !length(known)) wrong("there is too little to check in %s", folder)
if (length(problems)) {
  cat(problems, sep = "\n")
  quit("no", 1L)
}
