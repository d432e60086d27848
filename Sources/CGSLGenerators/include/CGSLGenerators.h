#ifndef IVIMBAYES_CGSLGENERATORS_H
#define IVIMBAYES_CGSLGENERATORS_H

#include <gsl/gsl_rng.h>
#include <stdint.h>

/// xoshiro256++ 1.0 (Blackman and Vigna 2021, doi:10.1145/3460772), seeded by splitmix64, as a GSL
/// generator: usable with every `gsl_ran_*`. Seeding costs nanoseconds, so each voxel has its own stream.
const gsl_rng_type *ivb_rng_xoshiro256pp(void);

/// The next 64 random bits of a generator made by `ivb_rng_xoshiro256pp`.
uint64_t ivb_xoshiro256pp_next(void *state);

/// The four words of state that `seed` gives, for code that runs the same recurrence elsewhere.
void ivb_xoshiro256pp_seed(uint64_t seed, uint64_t state[4]);

#endif
