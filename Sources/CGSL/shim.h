#ifndef IVIMBAYES_CGSL_SHIM_H
#define IVIMBAYES_CGSL_SHIM_H

#include <gsl/gsl_blas.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_fft_real.h>
#include <gsl/gsl_fft_halfcomplex.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_matrix.h>
#include <gsl/gsl_multifit_nlinear.h>
#include <gsl/gsl_multimin.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_roots.h>
#include <gsl/gsl_sf.h>
#include <gsl/gsl_spline.h>
#include <gsl/gsl_statistics.h>
#include <gsl/gsl_vector.h>

// GSL's generators and solver types are C globals, which Swift 6 refuses to touch: accessors instead.
static inline const gsl_rng_type *ivb_rng_mt19937(void) { return gsl_rng_mt19937; }
static inline const gsl_rng_type *ivb_rng_ranlxd2(void) { return gsl_rng_ranlxd2; }
static inline const gsl_rng_type *ivb_rng_taus2(void) { return gsl_rng_taus2; }
static inline const gsl_integration_fixed_type *ivb_fixed_hermite(void) { return gsl_integration_fixed_hermite; }
static inline const gsl_root_fsolver_type *ivb_root_brent(void) { return gsl_root_fsolver_brent; }
static inline const gsl_multifit_nlinear_type *ivb_nlinear_trust(void) {
  return gsl_multifit_nlinear_trust;
}

#endif
