# An example: a pipeline of targets whose tasks run on the workers. README.md, beside this file, explains it.
#
#   targets::tar_make(script = "targets.R")
#
# Written by mvn workr:emit-r-cluster; do not change it, but copy it, as _targets.R, into the folder of your project, and
# say in workr_folder where this folder is from there.
# Needs targets 1.4.0 or later. It was run with targets 1.12.0.9001, crew 1.3.0.9003 and R 4.6.2.

workr_folder <- "."
source(file.path(workr_folder, "workr.R"))
source(file.path(workr_folder, "workr_crew.R"))

targets::tar_option_set(
  controller = workr_crew$controller(also = "targets", logs = "logs"),
  # The workers share no file system with this R, so it reads and writes all targets itself.
  storage = "main",
  retrieval = "main",
  # The same numbers, however many workers there are.
  seed = 1L
)

draw <- function(n) mean(stats::rnorm(n))

list(
  targets::tar_target(sizes, c(10, 100, 1000, 10000)),
  targets::tar_target(means, draw(sizes), pattern = map(sizes)),
  targets::tar_target(where, Sys.info()[["nodename"]], pattern = map(sizes)),
  targets::tar_target(table, data.frame(sizes, means, where))
)
