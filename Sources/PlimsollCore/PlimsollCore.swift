// PlimsollCore
