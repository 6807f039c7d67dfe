/* SPDX-License-Identifier: Apache-2.0 */
/* The signed programs around the firmware's life: FWSEC on the GSP's falcon, the booter on SEC2's. */
#ifndef NACRE_BOOTER_H
#define NACRE_BOOTER_H

#include "vbios.h"

/* Argument of the booter that takes everything down. HW: nouveau nvkm/subdev/gsp/tu102.c */
#define BOOTER_UNLOAD 0xff000000ffull

/* Sets up the protected region, of which only FRTS is there at first. */
int fwsec_run_frts(const struct nacre_platform *platform, struct fwsec *fwsec, uint32_t boot_0, uint64_t offset,
                   uint64_t bytes);
/* FWSEC's part when the firmware is unloaded. */
int fwsec_run_sb(const struct nacre_platform *platform, struct fwsec *fwsec, uint32_t boot_0);
/* Runs a booter with the address of a description, or BOOTER_UNLOAD. */
int booter_run(const struct nacre_platform *platform, const struct falcon_image *booter,
               const struct signatures *signatures, uint32_t boot_0, uint64_t argument);
bool wpr2_is_up(const struct nacre_platform *platform);

/* Which signature of a program the fuses choose. */
int fwsec_signature(const struct signatures *signatures, uint32_t fuse_version, struct blob *signature);
int booter_signature(const struct signatures *signatures, uint32_t fuse_version, struct blob *signature);

#endif
