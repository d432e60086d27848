#ifndef IVIMBAYES_CNETCDF_SHIM_H
#define IVIMBAYES_CNETCDF_SHIM_H

#include <netcdf.h>

// HDF5 prints its error stack unless told not to, and must be told in every thread; libnetcdf tells only the first.
// Weak: without HDF5 behind libnetcdf there is nothing to silence.
extern int H5Eset_auto2(long long stack, void *print, void *context) __attribute__((weak));
static inline void ivb_quiet_hdf5(void) {
  if (H5Eset_auto2) H5Eset_auto2(0, 0, 0);
}

#endif
