#include "CGSLGenerators.h"

static inline uint64_t rotate_left(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

uint64_t ivb_xoshiro256pp_next(void *vstate) {
  uint64_t *s = (uint64_t *)vstate;
  const uint64_t result = rotate_left(s[0] + s[3], 23) + s[0];
  const uint64_t t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate_left(s[3], 45);
  return result;
}

void ivb_xoshiro256pp_seed(uint64_t seed, uint64_t state[4]) {
  for (int i = 0; i < 4; ++i) {
    seed += 0x9e3779b97f4a7c15ULL;
    uint64_t z = seed;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    state[i] = z ^ (z >> 31);
  }
}

static void set(void *state, unsigned long int seed) { ivb_xoshiro256pp_seed(seed, (uint64_t *)state); }

static unsigned long int get(void *state) { return ivb_xoshiro256pp_next(state); }

static double get_double(void *state) { return (ivb_xoshiro256pp_next(state) >> 12) * 0x1.0p-52; }

static const gsl_rng_type xoshiro256pp = {
    "xoshiro256++", UINT64_MAX, 0, 4 * sizeof(uint64_t), &set, &get, &get_double};

const gsl_rng_type *ivb_rng_xoshiro256pp(void) { return &xoshiro256pp; }
