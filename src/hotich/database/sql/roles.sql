-- The roles of hotich. A database administrator runs this once on a server named by DATABASE_URL
-- (as superuser), sets the two passwords, and creates the database with owner hotich_owner.
-- `hotich db check-roles` proves the result.
do $$
begin
  if not exists (select from pg_roles where rolname = 'hotich_owner') then
    create role hotich_owner login;
  end if;
  if not exists (select from pg_roles where rolname = 'hotich_app') then
    create role hotich_app login;
  end if;
  if not exists (select from pg_roles where rolname = 'hotich_lookup') then
    create role hotich_lookup nologin;
  end if;
end
$$;
alter role hotich_owner nosuperuser createdb nocreaterole nobypassrls;
alter role hotich_app nosuperuser nocreatedb nocreaterole nobypassrls;
-- owns the audited look-up functions, the only way past row-level security
alter role hotich_lookup nologin nosuperuser nocreatedb nocreaterole bypassrls;
grant hotich_lookup to hotich_owner;
