#ifndef IVIMBAYES_CCRYPTO_SHIM_H
#define IVIMBAYES_CCRYPTO_SHIM_H

#include <openssl/evp.h>

#endif
