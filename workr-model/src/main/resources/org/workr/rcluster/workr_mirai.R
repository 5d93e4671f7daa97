# mirai on the workers: daemons for mirai and what builds on it. README.md, beside this file, explains it.
#
#   source("workr.R"); source("workr_mirai.R")
#   workr_mirai$daemons()
#   workr_mirai$map(1:100, function(x) x^2)
#   workr_mirai$stop()
#
# Written by mvn workr:emit-r-cluster; do not change it, but run that again.
# Needs mirai 2.7.0 or later, here and on the workers. It was run with mirai 2.7.1.9000,
# nanonext 1.9.0 and 1.10.2.9000, and R 4.6.2.

if (!exists("workr")) stop("workr: source(\"workr.R\") comes first", call. = FALSE)

# In the environment of workr.R's functions, which start and end the R processes.
workr_mirai <- local(envir = new.env(parent = environment(workr$plan)), {
  session <- NULL # of the daemons, as of workr.R; with address (NULL: by tunnel) and url besides
  arguments <- list()

  now <- function() proc.time()[["elapsed"]]

  # mirai asks nobody who connects for a proof. A socket that is a file lets in its owner only, on both ends of the tunnel;
  # a port would let in whoever has an account there.
  file_way <- function(path) function() {
    there <- sprintf("/tmp/workr-%s", paste(random(8L), collapse = ""))
    list(there = there, option = paste("-R", shQuote(paste0(there, ":", path))), rubbish = there)
  }

  # tls is the certificate of this session, by which the worker knows that it is this R.
  daemon_code <- function(url, tls) paste(deparse(bquote(mirai::daemon(.(url), tlscert = .(tls)))), collapse = "\n")

  ours <- function() !is.null(session) && identical(mirai::nextget("url"), session$url)

  connections <- function() if (ours()) mirai::info()[["connections"]] else 0

  living <- function() setdiff(names(session$hosts), names(session$problems))

  # Those whose ssh has ended.
  gone <- function() Filter(function(name) ended(session, name), living())

  end <- function() {
    if (!is.null(session) && session$pid == Sys.getpid()) {
      if (ours()) mirai::daemons(0)
      leave(session)
    }
    session <<- NULL
    invisible()
  }

  listen_for <- function(hosts, address, port, seconds, ...) {
    session <<- new_session(hosts, NULL, NULL)
    session$seconds <- seconds
    session$address <- address
    path <- file.path(session$directory, "mirai")
    url <- if (is.null(address)) paste0("ipc://", path) else sprintf("tls+tcp://%s:%d", address, as.integer(port))
    mirai::daemons(url = url, dispatcher = TRUE, ...)
    url <- mirai::nextget("url")
    session$url <- url
    tls <- mirai::nextget("tls")
    if (is.null(address)) {
      session$way <- file_way(path)
      session$code <- function(there) daemon_code(paste0("ipc://", there), NULL)
    } else {
      session$way <- function() list()
      session$code <- function(there) daemon_code(url, tls)
    }
    reg.finalizer(session, end_session, onexit = TRUE)
  }

  slots_living <- function() sum(vapply(living(), function(name) length(slots_of(session, name)), 0L))

  wait_for_all <- function(seconds) {
    limit <- now() + seconds
    repeat {
      for (name in gone()) give_up(session, name)
      if (connections() >= slots_living() || now() > limit) return(invisible())
      Sys.sleep(0.05)
    }
  }

  daemons <- function(hosts = inventory$name, address = NULL, port = 0L, seconds = 25, ...) {
    need("mirai", "2.7.0")
    end()
    good <- usable(hosts, seconds, "mirai")
    done <- FALSE
    on.exit(if (!done) end())
    listen_for(good, address, port, seconds, ...)
    for (name in names(good)) launch(session, name)
    wait_for_all(seconds)
    come <- connections()
    lost <- session$problems
    if (!come && length(lost)) stop_without_workers(names(lost), lost)
    if (!come) stop(sprintf("workr: no daemon has come within %d seconds", as.integer(seconds)), call. = FALSE)
    for (name in names(lost)) warn("%s is not used: %s", name, lost[[name]])
    if (come < slots_living()) {
      warn("only %d of %d daemons have come within %d seconds", come, slots_living(), as.integer(seconds))
    }
    arguments <<- list(hosts, address, port, seconds, ...)
    done <- TRUE
    invisible(come)
  }

  # ---- The map ----

  # A stream of random numbers for each, whatever daemon it falls to; those of this R are left as they were.
  streams <- function(n, seed) {
    if (is.null(seed)) return(vector("list", n))
    kind <- RNGkind()
    old <- globalenv()$.Random.seed
    on.exit({
      do.call(RNGkind, as.list(kind))
      if (is.null(old)) rm(".Random.seed", envir = globalenv()) else assign(".Random.seed", old, envir = globalenv())
    })
    set.seed(seed, kind = "L'Ecuyer-CMRG", normal.kind = "Inversion", sample.kind = "Rejection")
    Reduce(function(stream, i) parallel::nextRNGStream(stream), seq_len(n), globalenv()$.Random.seed, accumulate = TRUE)[-1L]
  }

  # What a daemon evaluates: without the environment of this file.
  evaluate <- function(f, item, more, stream) {
    if (!is.null(stream)) {
      old <- globalenv()$.Random.seed
      on.exit(if (!is.null(old)) assign(".Random.seed", old, envir = globalenv()))
      assign(".Random.seed", stream, envir = globalenv())
    }
    do.call(f, c(list(item), more), quote = TRUE)
  }
  environment(evaluate) <- baseenv()

  # Until all is there, or the daemons must be started anew. By the tunnel mirai hears of a host that is gone; without it, it
  # would wait for ever for what the host had.
  wait_for_tasks <- function(tasks) {
    repeat {
      if (!mirai::unresolved(tasks)) return(TRUE)
      if (!connections() || !is.null(session$address) && length(gone())) return(FALSE)
      Sys.sleep(0.05)
    }
  }

  # A task that has ended by no fault of its own has an error value of nanonext: 19, its connection was reset.
  is_lost <- function(value) {
    mirai::is_error_value(value) && !mirai::is_mirai_error(value) && !identical(as.integer(value), 5L)
  }

  map <- function(x, f, ..., seed = NULL, times = 2L, seconds = Inf) {
    if (!ours()) stop("workr: there are no daemons; workr_mirai$daemons() starts some", call. = FALSE)
    f <- match.fun(f)
    more <- list(...)
    stream <- streams(length(x), seed)
    results <- stats::setNames(vector("list", length(x)), names(x))
    left <- seq_along(x)
    tasks <- list()
    on.exit(mirai::stop_mirai(Filter(mirai::unresolved, tasks)))
    for (attempt in 0:times) {
      tasks <- lapply(left, function(i) {
        mirai::mirai(evaluate(f, item, more, stream), .timeout = if (is.finite(seconds)) seconds * 1000,
                     .args = list(evaluate = evaluate, f = f, item = x[[i]], more = more, stream = stream[[i]]))
      })
      whole <- wait_for_tasks(tasks)
      open <- vapply(tasks, mirai::unresolved, NA)
      values <- lapply(tasks[!open], function(task) task$data)
      check_values(values, left[!open], seconds)
      lost <- vapply(values, is_lost, NA)
      results[left[!open][!lost]] <- values[!lost]
      left <- sort(c(left[open], left[!open][lost]))
      if (!length(left)) return(results)
      message(sprintf("workr: %d of %d tasks have lost their daemons", length(left), length(x)),
              if (attempt < times) "; once more")
      if (attempt < times && (!whole || !connections())) do.call(daemons, arguments)
    }
    stop(sprintf("workr: %d of %d tasks have lost their daemons %d times", length(left), length(x), times + 1L),
         call. = FALSE)
  }

  # An error of f is not tried again.
  check_values <- function(values, numbers, seconds) {
    for (i in seq_along(values)) {
      if (mirai::is_mirai_error(values[[i]])) {
        stop(sprintf("workr: task %d: %s", numbers[[i]], conditionMessage(values[[i]])), call. = FALSE)
      } else if (mirai::is_error_value(values[[i]]) && !is_lost(values[[i]])) {
        stop(sprintf("workr: task %d has taken longer than %s seconds", numbers[[i]], format(seconds)), call. = FALSE)
      }
    }
  }

  list(daemons = daemons, map = map, stop = end)
})
