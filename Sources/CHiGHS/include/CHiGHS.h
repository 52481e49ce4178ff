#ifndef CHIGHS_H
#define CHIGHS_H
#endif
