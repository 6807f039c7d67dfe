/* SPDX-License-Identifier: Apache-2.0 */
/* Virtual GPUs, as host, firmware and plugins speak of them: what is the same in all releases. Offsets and sizes are
 * bytes; fields have 32 bits unless said otherwise. */
#ifndef NACRE_VGPU_ABI_H
#define NACRE_VGPU_ABI_H

#include "base.h"

/* HW: open-gpu-kernel-modules src/common/sdk/nvidia/inc/ctrl/ctrl2080/ctrl2080vgpumgrinternal.h */
#define VGPU_CTRL_BOOTLOAD 0x20804001u
#define VGPU_CTRL_SHUTDOWN 0x20804002u
#define VGPU_CTRL_ADD_TYPE 0x20804003u
#define VGPU_CTRL_FB_USAGE 0x20804006u
#define VGPU_CTRL_CLEANUP 0x20804008u
#define VGPU_CTRL_SET_MGR_CONFIG 0x2080400bu
#define GFID_PARAMS_BYTES 4
#define MGR_CONFIG_BYTES 1 /* whether types may differ */
#define FB_USAGE_BYTES 520
#define FB_USAGE_COUNT 0
#define FB_USAGE_FIRST 8
#define FB_USAGE_ENTRY_BYTES 16
#define FB_USAGE_ENTRIES 32u
#define FB_USAGE_GFID 0
#define FB_USAGE_USED 8 /* 64 bits */

#define BOOTLOAD_DBDF 0x00
#define BOOTLOAD_GFID 0x04
#define BOOTLOAD_TYPE 0x08
#define BOOTLOAD_VM_PID 0x0c
#define BOOTLOAD_CHANNELS 0x14
#define BOOTLOAD_PLUGIN_CHANNELS 0x18
#define BOOTLOAD_CHID_OFFSETS 0x1c
#define PLUGIN_CHANNELS 1u

/* NVA081_CTRL_VGPU_INFO, and the control that brings types. HW: ctrla081.h */
#define ADD_TYPE_DISCARD 0 /* 8 bits */
#define ADD_TYPE_COUNT 4
#define ADD_TYPE_FIRST 8
#define ADD_TYPE_MOST 64u
#define TYPE_ID 0x000
#define TYPE_NAME 0x004
#define TYPE_CLASS 0x024
#define TYPE_STRING_BYTES 32u
#define TYPE_LICENSE 0x0c4
#define TYPE_LICENSE_BYTES 128u
#define TYPE_MAX_INSTANCE 0x144
#define TYPE_HEADS 0x148
#define TYPE_MAX_X 0x14c
#define TYPE_MAX_Y 0x150
#define TYPE_MAX_PIXELS 0x154
#define TYPE_FRL_CONFIG 0x158
#define TYPE_CUDA 0x15c
#define TYPE_ECC 0x160
#define TYPE_VDEV_ID 0x170 /* these have 64 bits */
#define TYPE_PDEV_ID 0x178
#define TYPE_PROFILE_SIZE 0x180
#define TYPE_FB_LENGTH 0x188
#define TYPE_GSP_HEAP_SIZE 0x190
#define TYPE_FB_RESERVATION 0x198
#define TYPE_MAPPABLE_VIDEO 0x1a0
#define TYPE_MAPPABLE_VIDEO_BYTES MIB(4)
#define TYPE_ENCODER_CAPACITY 0x1a8 /* 32 bits */
#define TYPE_BAR1_MIB 0x1b0         /* 64 bits */
#define TYPE_FRL_ENABLE 0x1b8

/* The area at the start of a plugin's heap. HW: the vGPU series for Linux, communication with plugins */
#define AREA_CONTROL 0x0000u
#define AREA_RESPONSE 0x1000u
#define AREA_MESSAGE 0x2000u
#define AREA_MESSAGE_BYTES 0x1000u
#define AREA_MIGRATION 0x3000u
#define AREA_ERROR 0x203000u
#define AREA_INIT_LOG 0x204000u
#define AREA_INIT_LOG_BYTES 0x20000u
#define AREA_VGPU_LOG 0x224000u
#define AREA_VGPU_LOG_BYTES 0x40000u
#define AREA_KERNEL_LOG 0x264000u
#define AREA_KERNEL_LOG_BYTES 0x10000u
#define AREA_BYTES 0x274000u

#define CONTROL_VERSION 0x00
#define CONTROL_VERSION_1 1u
#define CONTROL_MESSAGE_TYPE 0x04
#define CONTROL_MESSAGE_SEQ_NUM 0x08
#define CONTROL_RESPONSE_OFFSET 0x10 /* these four have 64 bits */
#define CONTROL_MESSAGE_OFFSET 0x18
#define CONTROL_MIGRATION_OFFSET 0x20
#define CONTROL_ERROR_OFFSET 0x28
#define CONTROL_ATTACHED_VGPU_COUNT 0x3c
#define PLUGIN_BOOTLOADED 0x4e654a6fu

#define MESSAGE_VERSION_NEGOTIATION 1u
#define MESSAGE_VERSION_BYTES 8u
#define MESSAGE_CONFIG_AND_INIT 2u
#define MESSAGE_RESET 3u
#define MESSAGE_CONSOLE_VNC_STATE 11u
#define MESSAGE_UPDATE_BME_STATE 13u
#define MESSAGE_BME_BYTES 2u /* enabled, allowed: 8 bits each */
#define MESSAGE_GET_GUEST_INFO 14u

#define CONFIG_MAX_BYTES 128u
#define CONFIG_UUID 0x00
#define CONFIG_DBDF 0x10
#define CONFIG_INSTANCE_ID 0x18
#define CONFIG_TYPE 0x1c
#define CONFIG_VM_PID 0x20
#define CONFIG_CHANNELS 0x28
#define CONFIG_PLUGIN_CHANNELS 0x2c
#define CONFIG_HYPERVISOR 0x38
#define CONFIG_HYPERVISOR_UNKNOWN 4u
#define CONFIG_CPU_ARCH 0x3c
#define CONFIG_CPU_AARCH64 1u
#define CONFIG_CPU_X86_64 2u
#define CONFIG_PAGE_SIZE 0x40 /* 64 bits */
#define CONFIG_PLACEMENT_ANYWHERE 0xffffu

/* HW: layout not published; the one of Nacre's board */
#define GUEST_INFO_BYTES 0x50u
#define GUEST_INFO_DRIVER_LOADED 0x00
#define GUEST_INFO_BOOT_COUNT 0x08 /* 64 bits */
#define GUEST_INFO_DRIVER_VERSION 0x10
#define GUEST_INFO_DRIVER_VERSION_BYTES 64u

#define SURFACES 4u
#define SURFACES_OFFSET 0x18 /* in the response */
#define SURFACE_MAX_BYTES 80u
#define SURFACE_SEQ_START 0x00 /* 64 bits */
#define SURFACE_SEQ_END 0x08   /* 64 bits */
#define SURFACE_OFFSET_UNIT 0x10
#define SURFACE_RECT_WIDTH 0x14
#define SURFACE_RECT_HEIGHT 0x18
#define SURFACE_SIZE 0x24
#define SURFACE_OFFSET 0x28
#define SURFACE_FORMAT 0x2c
#define SURFACE_PITCH 0x34
#define SURFACE_BLOCK_HEIGHT 0x3c /* 8 bits */

/* Events. HW: rpc_global_enums.h, g_sdk-structures.h */
#define PLUGIN_TRIGGERED_GFID 0
#define PLUGIN_TRIGGERED_INDEX 4
#define PLUGIN_TRIGGERED_BYTES 8u
#define PLUGIN_TRIGGERED_FAILED 4u /* index. HW: not published; Nacre's board's */
#define SAMPLES_TYPE 0 /* 8 bits */
#define SAMPLES_TYPE_PERFMON_UTIL 2u
#define SAMPLES_COUNT 0x08
#define SAMPLES_FIRST 0x10u
#define SAMPLES_MOST 72u
#define SAMPLE_BYTES 0x38u
#define SAMPLE_FB 0x08 /* copy engines are what uses memory's bandwidth */
#define SAMPLE_GR 0x14
#define SAMPLE_NVENC 0x20
#define SAMPLE_NVDEC 0x2c
#define SAMPLE_UTIL 0          /* hundredths of a percent */
#define SAMPLE_SUB_PROCESS_ID 8 /* the function's number. HW: not published for virtual GPUs; Nacre's board's */
#define UTIL_WHOLE 10000u

#endif
