/* Functions and data in Plan 9 assembly, used from C. */
#include <stdio.h>

long add(long a, long b);
long gcd(long a, long b);
int sum_primes(void);
long twice(long (*f)(long), long a);
extern const int primes[4];
extern int calls;
int offset = 25;

static long next(long a) {
	printf("next(%ld)\n", a);
	return a + 1;
}

int main(void) {
	printf("add %ld\n", add(40, 2));
	printf("gcd %ld\n", gcd(1071, 462));
	printf("primes %d %d, sum %d", primes[0], primes[3], sum_primes());
	printf(", calls %d\n", calls);
	printf("twice %ld\n", twice(next, 40));
	return 0;
}
