#!/bin/sh
# The owner, who migrates, and the serving role, bound by row-level security. The image of PostgreSQL calls this for a
# new cluster.
set -eu
psql -X -q -v ON_ERROR_STOP=1 -U postgres -d postgres \
  -v owner_password="$OWNER_PASSWORD" -v service_password="$SERVICE_PASSWORD" <<'SQL'
create role tidemark_owner login password :'owner_password';
create role tidemark_service login nobypassrls password :'service_password';
create database tidemark owner tidemark_owner;
revoke all on database tidemark from public;
grant connect on database tidemark to tidemark_service;
SQL
