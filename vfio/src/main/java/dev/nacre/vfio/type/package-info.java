/** Types of virtual GPUs: the catalog that comes with the product, files of operators, and the firmware's own metadata. */
package dev.nacre.vfio.type;
