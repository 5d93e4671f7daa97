# crew on the workers, also for targets: a controller whose R processes ssh starts. README.md, beside this file, explains it.
#
#   source("workr.R"); source("workr_crew.R")
#   controller <- workr_crew$controller()
#   controller$map(x^2, iterate = list(x = 1:100))
#   controller$terminate()
#
# Written by mvn workr:emit-r-cluster; do not change it, but run that again.
# Needs crew 1.3.0 or later, here and on the workers. It was run with crew 1.3.0.9003, mirai 2.7.1.9000,
# nanonext 1.9.0 and 1.10.2.9000, autometric 0.1.2.9000 and R 4.6.2.

if (!exists("workr")) stop("workr: source(\"workr.R\") comes first", call. = FALSE)

# In the environment of workr.R's functions, which start and end the R processes.
workr_crew <- local(envir = new.env(parent = environment(workr$plan)), {
  now <- function() proc.time()[["elapsed"]]

  # ---- A session: as in workr.R, but with an ssh for each slot, as crew starts and ends R processes one by one ----
  #
  # Its hosts are slots, like workr1-2. Besides it has
  #   call     what the R process is to do that is started next, and url, where in it this R is said to be
  #   failed   by host: when an ssh to it failed for the last time

  slots_of_hosts <- function(hosts) {
    slots <- lapply(hosts, function(host) lapply(seq_len(host$slots), function(slot) {
      list(key = sprintf("%s-%d", host$name, slot), number = slot, name = host$name, slots = 1L, threads = host$threads)
    }))
    slots <- unlist(unname(slots), recursive = FALSE)
    # The first of each host, then the second of each.
    slots <- slots[order(vapply(slots, `[[`, 0L, "number"))]
    stats::setNames(slots, vapply(slots, `[[`, "", "key"))
  }

  begin <- function(options) {
    slots <- slots_of_hosts(usable(options$hosts, options$seconds, c("crew", options$also)))
    session <- new_session(slots, NULL, NULL)
    session$seconds <- options$seconds
    session$failed <- list()
    if (!is.null(options$logs)) {
      dir.create(options$logs, showWarnings = FALSE, recursive = TRUE)
      session$logs <- normalizePath(options$logs)
      session$stamp <- format(Sys.time(), "%Y%m%d-%H%M%S")
    }
    tunnel <- options$tunnel
    session$way <- function() if (tunnel) port_way(as.integer(sub(".*:", "", session$url)))() else list()
    session$code <- function(there) {
      if (tunnel) gsub(session$url, sub("[0-9]+$", there, session$url), session$call, fixed = TRUE) else session$call
    }
    reg.finalizer(session, end_session, onexit = TRUE)
    session
  }

  # An R process begins with a line like "R version 4.4.2"; what comes last is then not of ssh.
  why <- function(session, key) {
    host <- session$hosts[[key]]
    if (!any(grepl("^R version ", lines_of(host$log)))) return(reason(session, key))
    sprintf("its ssh has ended with status %s", paste(lines_of(paste0(host$stem, ".code")), collapse = ""))
  }

  # Hosts whose ssh has failed; each time it is said.
  note_failures <- function(session) {
    for (key in names(session$hosts)) {
      host <- session$hosts[[key]]
      if (is.null(host$stem) || !ended(session, key)) next
      if (!identical(lines_of(paste0(host$stem, ".code")), "0")) {
        session$failed[[host$name]] <- now()
        warn("an R process of %s: %s", host$name, why(session, key))
      }
      close_host(session, key)
    }
  }

  # The slots in which nothing runs. Those of hosts that have just failed come last.
  free_slots <- function(session) {
    note_failures(session)
    free <- Filter(function(host) is.null(host$stem), session$hosts)
    failed <- vapply(free, function(host) c(session$failed[[host$name]], -Inf)[[1L]], 0)
    names(free)[order(ifelse(failed < now() - 120, -Inf, failed))]
  }

  start_workers <- function(session, call, url, n) {
    session$call <- call
    session$url <- url
    limit <- now() + 5
    # crew hears sooner than ssh that an R process has ended.
    while (length(free <- free_slots(session)) < n && now() < limit) Sys.sleep(0.05)
    if (length(free) < n) warn("%d R processes are wanted, and %d slots are free", n, length(free))
    free <- utils::head(free, n)
    for (i in seq_along(free)) {
      # A host's sshd refuses some of many that come at once.
      if (i > 1L && sum(slots_hosts(session, free[seq_len(i)]) == slots_hosts(session, free[[i]])) %% 8L == 0L) Sys.sleep(1)
      launch(session, free[[i]])
    }
    free
  }

  slots_hosts <- function(session, keys) vapply(session$hosts[keys], `[[`, "", "name")

  # ---- What crew calls ----

  launcher_class <- function() R6::R6Class("workr_crew_launcher", inherit = crew::crew_class_launcher, public = list(
    workr_options = NULL,
    workr_session = NULL,
    # The hosts are looked at when the first R process is wanted: targets reads its script for much less.
    launch_workers = function(call, n) {
      if (is.null(self$workr_session)) {
        self$workr_session <- begin(self$workr_options)
        private$.workers <- length(self$workr_session$owner)
      }
      start_workers(self$workr_session, call, self$url, min(n, private$.workers))
    },
    terminate = function() {
      super$terminate()
      if (!is.null(self$workr_session)) leave(self$workr_session)
      self$workr_session <- NULL
      invisible()
    }))

  controller <- function(hosts = inventory$name, address = NULL, port = NULL, tls = crew::crew_tls(mode = "automatic"),
                         logs = NULL, metrics = FALSE, also = character(), seconds = 25, name = cluster_name,
                         seconds_idle = 300, seconds_launch = 60, seconds_wall = Inf, tasks_max = Inf, ...) {
    need("crew", "1.3.0")
    if (metrics && is.null(logs)) stop("workr: metrics go to a folder; name it: logs = \"logs\"", call. = FALSE)
    if (metrics) need("autometric", "0.1.0")
    slots <- sum(vapply(selected(hosts, 0L), function(host) host$slots, 0L))
    client <- crew::crew_client(host = if (is.null(address)) "127.0.0.1" else address, port = port, tls = tls)
    # What an R process prints comes back by ssh, as workers share no file system with this R.
    launcher <- launcher_class()$new(
      name = name, workers = slots, seconds_interval = 0.25, seconds_timeout = 60, seconds_launch = seconds_launch,
      seconds_idle = seconds_idle, seconds_wall = seconds_wall, tasks_max = tasks_max, tasks_timers = 0L, tls = tls,
      r_arguments = c("--no-save", "--no-restore"),
      options_metrics = crew::crew_options_metrics(path = if (metrics) "/dev/stdout", seconds_interval = 5))
    launcher$workr_options <- list(hosts = hosts, seconds = seconds, logs = logs, tunnel = is.null(address),
                                   also = c(also, if (metrics) "autometric"))
    controller <- crew::crew_controller(client = client, launcher = launcher, ...)
    controller$validate()
    controller
  }

  list(controller = controller)
})
