//! Files and helpers of the integration tests.
