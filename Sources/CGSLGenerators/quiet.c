#include <gsl/gsl_errno.h>

// GSL's default error handler aborts the process, on nothing worse than a NaN in a distribution function. It is
// switched off when the program is loaded, before any call can be made: results then say NaN.
__attribute__((constructor)) static void ivb_quiet(void) { gsl_set_error_handler_off(); }
