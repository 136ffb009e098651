// Package calendar measures time in hours of service.
package calendar
