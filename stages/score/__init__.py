"""The loss of every held-out profile under the base and under each adapter."""
