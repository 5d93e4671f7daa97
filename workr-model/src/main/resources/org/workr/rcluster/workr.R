# Workers for future and furrr: the R side of a cluster that workr has made. README.md, beside this file, explains it.
#
#   source("workr.R")
#   workr$plan()
#   furrr::future_map_int(1:100, ~ Sys.getpid())
#   workr$stop()
#
# Written by mvn workr:emit-r-cluster; do not change it, but run that again.
# Needs R 4.0 or later, ssh, and a POSIX shell; parallelly only for what future itself needs it for.

workr <- local({
  directory <- local({
    # source() keeps the name of the file that it reads in its frame. Another one may source this one.
    files <- Filter(function(file) basename(file) == "workr.R", vapply(sys.frames(), function(frame) {
      if (is.character(frame$ofile)) frame$ofile[[1L]] else ""
    }, ""))
    candidates <- c(rev(dirname(files)), getOption("workr.directory"), ".")
    here <- Filter(function(candidate) file.exists(file.path(candidate, "ssh_config")), candidates)
    if (!length(here)) stop("workr: options(workr.directory=) must name the folder of workr.R", call. = FALSE)
    normalizePath(here[[1L]])
  })
  # cluster_name, inventory, packages, rscript and r_version.
  source(file.path(directory, "cluster.R"), local = TRUE)

  month <- 30 * 24 * 3600

  # ---- What a worker runs ----

  # Proves with the token that it is one of ours, says what it is, and then does what it is told.
  worker <- function(port, packages, timeout) {
    input <- file("stdin")
    token <- readLines(input, 1L)
    close(input)
    versions <- vapply(packages, function(package) {
      tryCatch(as.character(utils::packageVersion(package)), error = function(e) "none")
    }, "")
    con <- socketConnection("127.0.0.1", port, open = "a+b", blocking = TRUE, timeout = timeout)
    hello <- paste(c(token, Sys.getpid(), as.character(getRversion()), sprintf("%s=%s", packages, versions)), collapse = " ")
    writeBin(charToRaw(paste0(hello, "\n")), con)
    parallel <- getNamespace("parallel")
    loop <- if (exists("workLoop", parallel)) parallel$workLoop else parallel$slaveLoop
    loop(structure(list(con = con), class = "SOCK0node"))
  }

  # What connects to the port of this R that it finds at a port of its own.
  socket_worker <- function(packages) {
    body <- paste(deparse(worker, control = c("keepNA", "keepInteger")), collapse = "\n")
    function(port) sprintf("(%s)(%dL, %s, %.0f)", body, port, paste(deparse(as.character(packages)), collapse = " "), month)
  }

  # The shell text that starts the R processes of a host, each with the same code, and ends them when its input ends, or no
  # line has come for a while: then this R, or the way to it, is gone. What they wrote to their temporary directory goes too.
  host_script <- function(rscript, first, count, threads, code, label, locale, rubbish = NULL) {
    variables <- c("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS",
                   "R_DATATABLE_NUM_THREADS")
    c("workr_main() {",
      sprintf("  rscript=%s", shQuote(rscript)),
      "  command -v \"$rscript\" >/dev/null || { echo \"there is no $rscript\" >&2; exit 69; }",
      sprintf("  export %s", paste0(variables, "=", threads, collapse = " ")),
      if (!is.null(locale)) sprintf("  unset LC_ALL; export LANG=%s", locale),
      "  own=$(mktemp -d \"${TMPDIR:-/tmp}/workr-XXXXXX\") || exit 1",
      "  export TMPDIR=\"$own\"",
      # Groups of their own: to end them with all that they have started, and so that no Ctrl-C reaches them.
      "  group=-",
      "  if command -v setsid >/dev/null; then run() { exec setsid \"$@\"; }",
      "  elif command -v perl >/dev/null; then run() { exec perl -MPOSIX -e 'setsid(); exec @ARGV' \"$@\"; }",
      "  else group=; run() { exec \"$@\"; }; fi",
      sprintf("  slot=%d pids=", first),
      sprintf("  while [ \"$slot\" -lt %d ]; do", first + count),
      sprintf("    printf '%%s %%s\\n' \"$token\" \"$slot\" | run \"$rscript\" --no-save --no-restore -e %s %s >&2 &",
              shQuote(code), shQuote(label)),
      "    pids=\"$pids $!\" slot=$((slot + 1))",
      "  done",
      "  exec 3<&0 </dev/null",
      "  signal() { for pid in $pids; do kill -s \"$1\" -- \"$group$pid\"; done; }",
      "  end() { signal TERM; sleep 3; signal KILL; }",
      "  listen() { while IFS= read -r beat; do : >\"$own/beat\"; done; end; }",
      "  watch() { while rm -f \"$own/beat\"; sleep 25; [ -e \"$own/beat\" ]; do :; done; end; }",
      "  listen <&3 >/dev/null 2>&1 &",
      "  watchers=$!",
      "  watch >/dev/null 2>&1 &",
      "  watchers=\"$watchers $!\"",
      # dash says of a process that was killed that it was. When nobody is there any more to hear it, it would be killed too.
      "  exec >/dev/null 2>&1",
      "  wait $pids",
      "  kill $watchers",
      "  [ -z \"$group\" ] || signal KILL",
      sprintf("  rm -rf \"$own\" %s", paste(shQuote(rubbish), collapse = " ")),
      "}",
      "workr_main; exit")
  }

  # ---- A session: the hosts that were asked for, and what came of them ----
  #
  # An environment with
  #   pid         of this R: a copy of the session in a fork, or in a workspace that was loaded, is not the session
  #   logs        the folder for what ssh and the R processes say, if it is to be kept, and stamp, with which the names begin
  #   code        what an R process is to do, given where it finds this R
  #   way         how ssh makes that so: list(there, option, rubbish) for each attempt, rubbish being a file it leaves
  #   hosts       by name: name, slots, threads, and of one that was launched attempt and stem
  #   owner       of each slot the name of its host
  #   nodes       by slot, those that answered
  #   reports     by host: r and packages, as its R says
  #   problems    by host: why it has not, or not all, R processes
  #   pending     connections of which is not known yet whose they are

  random <- function(bytes) {
    source <- file("/dev/urandom", "rb", raw = TRUE)
    on.exit(close(source))
    readBin(source, "raw", bytes)
  }

  # Not sample(): the numbers that the analyst draws must not depend on it.
  random_port <- function() 11000L + sum(as.integer(random(2L)) * c(256L, 1L)) %% 21000L

  listen <- function() {
    for (attempt in 1:50) {
      port <- random_port()
      socket <- tryCatch(serverSocket(port), error = function(e) NULL)
      if (!is.null(socket)) return(list(socket = socket, port = port))
    }
    stop("workr: no free port to listen at", call. = FALSE)
  }

  # A tunnel to a port of this R, at any free one of the host's.
  port_way <- function(port) function() {
    there <- random_port()
    list(there = there, option = sprintf("-R %d:127.0.0.1:%d", there, port))
  }

  new_session <- function(hosts, code, way) {
    directory <- tempfile("workr-")
    dir.create(directory, mode = "0700")
    list2env(parent = emptyenv(), x = list(
      open = TRUE, pid = Sys.getpid(), directory = directory, code = code, way = way,
      token = paste(random(16L), collapse = ""),
      label = sprintf("workr-session=%s-%s", cluster_name, paste(random(4L), collapse = "")),
      hosts = hosts, owner = rep(names(hosts), vapply(hosts, function(host) as.integer(host$slots), 0L)),
      nodes = list(), reports = list(), problems = list(), pending = list()))
  }

  slots_of <- function(session, name) which(session$owner == name)

  missing_slots <- function(session, name) length(setdiff(slots_of(session, name), as.integer(names(session$nodes))))

  # R knows connections by their numbers. What somebody has closed before must not be closed again, nor written to: another
  # one may have its number.
  is_open <- function(con) {
    tryCatch(identical(attr(getConnection(as.integer(con)), "conn_id"), attr(con, "conn_id")), error = function(e) FALSE)
  }

  close_once <- function(con) if (is_open(con)) try(close(con), silent = TRUE)

  # ---- One host ----

  ssh_options <- function() {
    key <- getOption("workr.key")
    # ssh expands what follows a percent sign.
    key <- if (!is.null(key)) gsub("%", "%%", normalizePath(key), fixed = TRUE)
    c(if (!is.null(key)) c("-i", shQuote(key), "-o", "IdentitiesOnly=yes"), getOption("workr.ssh"))
  }

  # Starts the R processes of a host, which come back by a tunnel of ssh's to the port at which this R listens.
  launch <- function(session, name) {
    host <- session$hosts[[name]]
    slots <- slots_of(session, name)
    host$attempt <- if (is.null(host$attempt)) 1L else host$attempt + 1L
    host$stem <- file.path(session$directory, paste0(name, "-", host$attempt))
    host$log <- if (is.null(session$logs)) paste0(host$stem, ".log")
                else file.path(session$logs, paste0(session$stamp, "-", basename(host$stem), ".log"))
    local <- identical(host$name, "localhost")
    way <- if (local) list(there = session$port) else session$way()
    # In its folder, as ssh reads more in the name of a file than a name.
    command <- if (local) "exec sh -s" else paste(c(
      "cd", shQuote(directory), "&& exec ssh -T -F ssh_config -o UserKnownHostsFile=known_hosts", ssh_options(),
      way$option, shQuote(host$name), shQuote("exec sh -s")), collapse = " ")
    script <- host_script(if (local) file.path(R.home("bin"), "Rscript") else rscript, slots[[1L]], length(slots),
                          host$threads, session$code(way$there), session$label, if (!local) "C.UTF-8", way$rubbish)
    # The token too: dash has read what follows a script on its input before "read" can.
    writeLines(c(paste0("token=", session$token), script), paste0(host$stem, ".sh"))
    file <- function(kind) shQuote(paste0(host$stem, ".", kind))
    # After the script a line every few seconds, while this R lives and wants it. Not through a pipe of this R, which
    # everything that it starts would hold open. In the background of a shell nothing hears the Ctrl-C that interrupts a
    # computation.
    system(paste(
      "exec </dev/null >/dev/null 2>&1; trap '' INT QUIT;",
      sprintf("{ cat %s; while kill -0 %d && [ -e %s ] && echo; do sleep 5; done;", file("sh"), session$pid, file("sh")),
      # What this R has started may hold the ends of ssh's tunnels open, for which it would wait.
      sprintf("exec >&-; sleep 6; [ -e %s ] || kill \"$(cat %s)\"; } |", file("code"), file("pid")),
      sprintf("{ exec 3<&0; (%s) <&3 >%s 2>&1 & echo $! >%s;", command, shQuote(host$log), file("pid")),
      sprintf("exec 3<&-; wait $!; echo $? >%s; mv %s %s; }", file("tmp"), file("tmp"), file("code"))), wait = FALSE)
    session$hosts[[name]] <- host
  }

  ended <- function(session, name) file.exists(paste0(session$hosts[[name]]$stem, ".code"))

  lines_of <- function(path) if (file.exists(path)) readLines(path, warn = FALSE) else character()

  # Why a host has not what it should have, in the words of ssh or of its shell.
  reason <- function(session, name) {
    stem <- session$hosts[[name]]$stem
    said <- trimws(lines_of(session$hosts[[name]]$log))
    said <- said[nzchar(said) & !grepl("^(Warning|\\*\\*|debug)", said)]
    if (length(said)) said[[length(said)]]
    else if (ended(session, name)) sprintf("ssh ended with status %s", paste(lines_of(paste0(stem, ".code")), collapse = ""))
    else sprintf("no answer in %d seconds", as.integer(session$seconds))
  }

  close_host <- function(session, name) {
    stem <- session$hosts[[name]]$stem
    if (is.null(stem)) return(invisible())
    pid <- suppressWarnings(as.integer(lines_of(paste0(stem, ".pid"))))
    if (length(pid) == 1L && !is.na(pid) && !ended(session, name)) tools::pskill(pid)
    unlink(paste0(stem, ".sh"))
    session$hosts[[name]]$stem <- NULL
  }

  # Its ssh has ended before all its R processes came.
  give_up <- function(session, name) {
    why <- reason(session, name)
    close_host(session, name)
    another_port <- grepl("port forwarding failed", why) && session$hosts[[name]]$attempt < 4L &&
      missing_slots(session, name) == length(slots_of(session, name))
    if (another_port) launch(session, name) else session$problems[[name]] <- why
  }

  end_session <- function(session) {
    if (session$open && session$pid == Sys.getpid()) {
      session$open <- FALSE
      for (node in session$nodes) close_once(node$con)
      for (name in names(session$hosts)) close_host(session, name)
      unlink(session$directory, recursive = TRUE)
    }
    invisible()
  }

  # The same, with time for the R processes to end by themselves.
  leave <- function(session) {
    for (node in session$nodes) if (is_open(node$con)) {
      try(suppressWarnings(parallel::stopCluster(structure(list(node), class = c("SOCKcluster", "cluster")))), silent = TRUE)
    }
    end <- proc.time()[["elapsed"]] + 2
    running <- function(name) !is.null(session$hosts[[name]]$stem) && !ended(session, name)
    while (any(vapply(names(session$hosts), running, NA)) && proc.time()[["elapsed"]] < end) Sys.sleep(0.05)
    end_session(session)
  }

  # ---- All hosts, side by side ----

  # R has few connections, and each R process takes one.
  check_connections <- function(wanted) {
    free <- if (requireNamespace("parallelly", quietly = TRUE)) parallelly::freeConnections()
            else 128L - nrow(showConnections(all = TRUE))
    if (wanted > free) {
      stop(sprintf(paste("workr: this takes %d connections, and R has %d left. Start R with --max-connections=%d",
                         "(R 4.4 or later), or use fewer hosts: workr$plan(\"%s\")"),
                   wanted, free, wanted + 32L, inventory$name[[1L]]), call. = FALSE)
    }
  }

  accept <- function(session) {
    con <- tryCatch(socketAccept(session$server, blocking = TRUE, open = "a+b", timeout = month), error = function(e) NULL)
    if (!is.null(con)) {
      session$pending <- c(session$pending, list(list(con = con, said = raw(), since = proc.time()[["elapsed"]])))
    }
  }

  # Whoever connects and says nothing would take up R's connections.
  forget_the_silent <- function(session) {
    old <- vapply(session$pending, function(connection) proc.time()[["elapsed"]] - connection$since > 5, NA)
    for (connection in session$pending[old]) close_once(connection$con)
    session$pending <- session$pending[!old]
  }

  # Reads what there is of the first line of a connection. Who does not know the token is not listened to any longer.
  hear <- function(session, i) {
    byte <- tryCatch(readBin(session$pending[[i]]$con, "raw", 1L), error = function(e) raw())
    said <- c(session$pending[[i]]$said, byte)
    ended <- length(byte) && byte == as.raw(10L)
    token <- charToRaw(session$token)
    known <- identical(utils::head(said, length(token)), utils::head(token, length(said)))
    if (length(byte) && !ended && known && length(said) < 65536L) {
      session$pending[[i]]$said <- said
    } else {
      if (!ended || !known || !admit(session, session$pending[[i]])) close_once(session$pending[[i]]$con)
      session$pending[[i]] <- NULL
    }
  }

  # By then it has proven that it knows the token.
  admit <- function(session, connection) {
    said <- strsplit(rawToChar(connection$said), " ", fixed = TRUE, useBytes = TRUE)[[1L]]
    if (length(said) < 4L || !identical(said[[1L]], session$token)) return(FALSE)
    slot <- said[[2L]]
    name <- session$owner[[as.integer(slot)]]
    session$nodes[[slot]] <- structure(
      list(con = connection$con, host = name, rank = as.integer(slot), pid = as.integer(said[[3L]]), session = session),
      class = c("RichSOCKnode", "SOCK0node"))
    session$reports[[name]] <- list(r = said[[4L]], packages = said[-(1:4)])
    TRUE
  }

  # hosts: by name, list(name, slots, threads). Returns the session when all is there that will come in time.
  start <- function(hosts, seconds, packages) {
    server <- listen()
    session <- new_session(hosts, socket_worker(packages), port_way(server$port))
    session$server <- server$socket
    session$port <- server$port
    session$seconds <- seconds
    done <- FALSE
    on.exit({
      close(session$server)
      for (connection in session$pending) close_once(connection$con)
      if (!done) end_session(session)
    })
    for (name in names(hosts)) launch(session, name)
    end <- proc.time()[["elapsed"]] + seconds
    repeat {
      waiting <- Filter(function(name) is.null(session$problems[[name]]) && missing_slots(session, name) > 0L, names(hosts))
      left <- end - proc.time()[["elapsed"]]
      if (!length(waiting) || left <= 0) break
      ready <- socketSelect(c(list(session$server), lapply(session$pending, `[[`, "con")), timeout = min(0.1, left))
      for (i in rev(which(ready[-1L]))) hear(session, i)
      if (ready[[1L]]) accept(session)
      forget_the_silent(session)
      for (name in Filter(function(name) ended(session, name), waiting)) give_up(session, name)
    }
    for (name in waiting) session$problems[[name]] <- reason(session, name)
    for (name in names(hosts)) if (missing_slots(session, name) == length(slots_of(session, name))) close_host(session, name)
    session$nodes <- session$nodes[order(as.integer(names(session$nodes)))]
    reg.finalizer(session, end_session, onexit = TRUE)
    done <- TRUE
    session
  }

  # ---- What was started, judged ----

  most_common <- function(values) names(sort(table(values), decreasing = TRUE))[[1L]]

  # Why a host whose R processes answer must not be used; "" when it may.
  unfit <- function(report, wanted) {
    none <- sub("=none$", "", grep("=none$", report$packages, value = TRUE))
    if (report$r != wanted) sprintf("it has R %s, not %s", report$r, wanted)
    else if (length(none)) sprintf("it has not the package %s", paste(none, collapse = ", "))
    else ""
  }

  drop_host <- function(session, name, why) {
    own <- vapply(session$nodes, function(node) node$host == name, NA)
    for (node in session$nodes[own]) close_once(node$con)
    session$nodes <- session$nodes[!own]
    close_host(session, name)
    session$problems[[name]] <- why
  }

  judge <- function(session) {
    versions <- vapply(session$reports, `[[`, "", "r")
    remote <- versions[names(versions) %in% inventory$name]
    if (!length(remote)) return(invisible())
    wanted <- if (is.na(r_version)) most_common(remote) else r_version
    for (name in names(remote)) {
      why <- unfit(session$reports[[name]], wanted)
      if (nzchar(why)) drop_host(session, name, why)
    }
  }

  # What differs between here and there without a reason not to use it.
  differences <- function(session) {
    here <- as.character(getRversion())
    reports <- session$reports[names(session$reports) %in% setdiff(inventory$name, names(session$problems))]
    said <- character()
    if (length(reports) && reports[[1L]]$r != here) {
      said <- sprintf("the workers have R %s, this is R %s", reports[[1L]]$r, here)
    }
    for (name in names(reports)) for (pair in strsplit(reports[[name]]$packages, "=", fixed = TRUE)) {
      own <- tryCatch(as.character(utils::packageVersion(pair[[1L]])), error = function(e) pair[[2L]])
      if (own != pair[[2L]]) said <- c(said, sprintf("%s has %s %s, this is %s", name, pair[[1L]], pair[[2L]], own))
    }
    said
  }

  warn <- function(...) warning("workr: ", sprintf(...), call. = FALSE, immediate. = TRUE)

  stop_without_workers <- function(names, reasons) {
    stop("workr: no worker can be used\n", paste0("  ", names, ": ", reasons, collapse = "\n"), call. = FALSE)
  }

  # ---- What the analyst calls ----

  selected <- function(names, local, slots = NULL) {
    names <- unique(names)
    unknown <- setdiff(names, inventory$name)
    if (length(unknown)) {
      stop(sprintf("workr: there is no worker %s; there are: %s", paste(unknown, collapse = ", "),
                   paste(inventory$name, collapse = ", ")), call. = FALSE)
    }
    rows <- inventory[match(names, inventory$name), ]
    hosts <- lapply(seq_len(nrow(rows)), function(i) {
      list(name = rows$name[[i]], slots = if (is.null(slots)) rows$slots[[i]] else slots, threads = rows$threads[[i]])
    })
    if (local > 0L) hosts <- c(list(list(name = "localhost", slots = as.integer(local), threads = 1L)), hosts)
    stats::setNames(hosts, vapply(hosts, `[[`, "", "name"))
  }

  # One R process on each, which ends at once; what it said stays in the session.
  probe <- function(hosts, seconds, also) {
    session <- start(selected(hosts, 0L, 1L), seconds, union(packages, also))
    on.exit(end_session(session))
    judge(session)
    session
  }

  check <- function(hosts = inventory$name, seconds = 25, also = character()) {
    hosts <- unique(hosts)
    session <- probe(hosts, seconds, also)
    text <- function(name, what) {
      value <- session$reports[[name]][[what]]
      if (is.null(value)) NA_character_ else paste(value, collapse = " ")
    }
    why <- vapply(hosts, function(name) c(session$problems[[name]], "")[[1L]], "")
    data.frame(name = hosts, ok = !nzchar(why), r = vapply(hosts, text, "", "r"),
               packages = vapply(hosts, text, "", "packages"), reason = why,
               row.names = NULL, stringsAsFactors = FALSE)
  }

  make <- function(hosts = inventory$name, local = 0L, seconds = 25) {
    wanted <- selected(hosts, local)
    check_connections(sum(vapply(wanted, function(host) host$slots, 0L)) + 1L)
    session <- start(wanted, seconds, packages)
    judge(session)
    if (!length(session$nodes)) {
      end_session(session)
      stop_without_workers(names(session$problems), session$problems)
    }
    for (name in names(session$problems)) {
      some <- sum(vapply(session$nodes, function(node) node$host == name, NA))
      if (some) warn("%s has only %d of %d R processes: %s", name, some, wanted[[name]]$slots, session$problems[[name]])
      else warn("%s is not used: %s", name, session$problems[[name]])
    }
    for (difference in differences(session)) warn("%s", difference)
    structure(unname(session$nodes), class = c("RichSOCKcluster", "SOCKcluster", "cluster"))
  }

  current <- NULL

  end <- function() {
    session <- if (!is.null(current)) current[[1L]]$session
    current <<- NULL
    if (!is.null(session) && session$pid == Sys.getpid()) {
      try(future::plan(future::sequential), silent = TRUE)
      leave(session)
    }
    invisible()
  }

  use <- function(hosts = inventory$name, local = 0L, seconds = 25) {
    end()
    current <<- make(hosts, local, seconds)
    arguments <<- list(hosts, local, seconds)
    future::plan(future::cluster, workers = current)
    invisible(current)
  }
  arguments <- list()

  # A worker that is lost leaves the others out of step, so all of them are started anew.
  retry <- function(expr, times = 2L) {
    expression <- substitute(expr)
    frame <- parent.frame()
    seed <- globalenv()$.Random.seed
    for (attempt in 0:times) {
      result <- tryCatch(list(value = eval(expression, frame)), FutureError = identity)
      if (!inherits(result, "condition")) return(result$value)
      if (attempt == times || !length(arguments)) stop(result)
      what <- sub("[.] (Post-mortem|The total size).*", "", strsplit(conditionMessage(result), "\n")[[1L]][[1L]])
      message("workr: ", what, "; once more, on the workers that are left")
      do.call(use, arguments)
      if (!is.null(seed)) assign(".Random.seed", seed, envir = globalenv())
    }
  }

  # ---- For workr_mirai.R and workr_crew.R, whose functions see all of this ----

  need <- function(package, version) {
    if (!requireNamespace(package, quietly = TRUE) || utils::packageVersion(package) < version) {
      stop(sprintf("workr: this needs the package %s, %s or later, here and on the workers", package, version),
           call. = FALSE)
    }
  }

  # The hosts that can be used now. Each of the others is named.
  usable <- function(hosts, seconds, also) {
    session <- probe(hosts, seconds, also)
    bad <- session$problems
    good <- setdiff(unique(hosts), names(bad))
    if (!length(good)) stop_without_workers(names(bad), bad)
    for (name in names(bad)) warn("%s is not used: %s", name, bad[[name]])
    for (difference in differences(session)) warn("%s", difference)
    selected(good, 0L)
  }

  list(inventory = inventory, check = check, cluster = make, plan = use, stop = end, retry = retry)
})
