#include <stdio.h>

int main(void) {
  puts("ahoy from C");
  return 0;
}
