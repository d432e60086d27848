#ifndef IVIMBAYES_CNETCDF_SHIM_H
#define IVIMBAYES_CNETCDF_SHIM_H

#include <netcdf.h>

#endif
