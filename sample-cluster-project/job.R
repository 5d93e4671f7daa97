# What an analyst runs, once "mvn workr:emit-r-cluster" has written target/r-cluster: 100 tasks on all slots of all workers.
options(workr.directory = "target/r-cluster")
source("target/r-cluster/workr.R")
workr$plan()
estimate <- function(i) {
  n <- 1e5
  list(pi = 4 * mean(runif(n)^2 + runif(n)^2 < 1), host = Sys.info()[["nodename"]], process = Sys.getpid())
}
results <- furrr::future_map(1:100, estimate, .options = furrr::furrr_options(seed = 1, scheduling = Inf))
where <- unique(data.frame(host = vapply(results, `[[`, "", "host"), process = vapply(results, `[[`, 1L, "process")))
cat(sprintf(
  "100 tasks by %d R processes in the containers of %d workers: pi is about %.4f\n",
  nrow(where), length(unique(where$host)), mean(vapply(results, `[[`, 1, "pi"))
))
