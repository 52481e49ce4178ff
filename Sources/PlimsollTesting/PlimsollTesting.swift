// PlimsollTesting
