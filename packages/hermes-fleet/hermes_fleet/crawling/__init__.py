"""Reading sites politely: what every worker that looks at pages is built on."""
