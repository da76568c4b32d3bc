SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE SCHEMA dbos;
CREATE FUNCTION dbos.enqueue_workflow(workflow_name text, queue_name text, positional_args json[] DEFAULT ARRAY[]::json[], named_args json DEFAULT '{}'::json, class_name text DEFAULT NULL::text, config_name text DEFAULT NULL::text, workflow_id text DEFAULT NULL::text, app_version text DEFAULT NULL::text, timeout_ms bigint DEFAULT NULL::bigint, deadline_epoch_ms bigint DEFAULT NULL::bigint, deduplication_id text DEFAULT NULL::text, priority integer DEFAULT NULL::integer, queue_partition_key text DEFAULT NULL::text, authenticated_user text DEFAULT NULL::text, authenticated_roles text DEFAULT NULL::text, delay_until_epoch_ms bigint DEFAULT NULL::bigint, application_name text DEFAULT NULL::text) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    v_workflow_id TEXT;
    v_serialized_inputs TEXT;
    v_owner_xid TEXT;
    v_now BIGINT;
    v_recovery_attempts INT4 := 0;
    v_priority INT4;
    v_status TEXT;
BEGIN
    -- Validate required parameters
    IF workflow_name IS NULL OR workflow_name = '' THEN
        RAISE EXCEPTION 'Workflow name cannot be null or empty';
    END IF;
    IF queue_name IS NULL OR queue_name = '' THEN
        RAISE EXCEPTION 'Queue name cannot be null or empty';
    END IF;
    IF named_args IS NOT NULL AND jsonb_typeof(named_args::jsonb) != 'object' THEN
        RAISE EXCEPTION 'Named args must be a JSON object';
    END IF;
    IF workflow_id IS NOT NULL AND workflow_id = '' THEN
        RAISE EXCEPTION 'Workflow ID cannot be an empty string if provided.';
    END IF;
    IF delay_until_epoch_ms IS NOT NULL AND delay_until_epoch_ms < 0 THEN
        RAISE EXCEPTION 'delay_until_epoch_ms must be >= 0';
    END IF;
    v_workflow_id := COALESCE(workflow_id, gen_random_uuid()::TEXT);
    v_owner_xid := gen_random_uuid()::TEXT;
    v_priority := COALESCE(priority, 0);
    v_serialized_inputs := json_build_object(
        'positionalArgs', positional_args,
        'namedArgs', named_args
    )::TEXT;
    v_now := EXTRACT(epoch FROM now()) * 1000;
    v_status := CASE WHEN delay_until_epoch_ms IS NULL THEN 'ENQUEUED' ELSE 'DELAYED' END;
    INSERT INTO "dbos".workflow_status (
        workflow_uuid, status,
        name, class_name, config_name,
        queue_name, deduplication_id, priority, queue_partition_key,
        application_version,
        created_at, updated_at, recovery_attempts,
        workflow_timeout_ms, workflow_deadline_epoch_ms,
        parent_workflow_id, owner_xid, serialization,
        authenticated_user, authenticated_roles,
        delay_until_epoch_ms, application_name
    ) VALUES (
        v_workflow_id, v_status,
        workflow_name, class_name, config_name,
        queue_name, deduplication_id, v_priority, queue_partition_key,
        app_version,
        v_now, v_now, v_recovery_attempts,
        timeout_ms, deadline_epoch_ms,
        NULL, v_owner_xid, 'portable_json',
        authenticated_user, authenticated_roles,
        delay_until_epoch_ms, application_name
    )
    ON CONFLICT (workflow_uuid)
    DO UPDATE SET
        updated_at = EXCLUDED.updated_at;
    INSERT INTO "dbos".workflow_input (
        workflow_uuid, inputs, retention_timestamp
    ) VALUES (
        v_workflow_id, v_serialized_inputs, v_now
    )
    ON CONFLICT (workflow_uuid) DO NOTHING;
    RETURN v_workflow_id;
EXCEPTION
    WHEN unique_violation THEN
        RAISE EXCEPTION 'DBOS queue duplicated'
            USING DETAIL = format('Workflow %s with queue %s and deduplication ID %s already exists', v_workflow_id, queue_name, deduplication_id),
                ERRCODE = 'unique_violation';
END;
$$;
CREATE FUNCTION dbos.send_message(destination_id text, message json, topic text DEFAULT NULL::text, message_id text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    v_topic TEXT := COALESCE(topic, '__null__topic__');
    v_message_id TEXT := COALESCE(message_id, gen_random_uuid()::TEXT);
BEGIN
    INSERT INTO "dbos".notifications (
        destination_uuid, topic, message, message_uuid, serialization
    ) VALUES (
        destination_id, v_topic, message, v_message_id, 'portable_json'
    )
    ON CONFLICT (message_uuid) DO NOTHING;
EXCEPTION
    WHEN foreign_key_violation THEN
        RAISE EXCEPTION 'DBOS non-existent workflow'
            USING DETAIL = format('Destination workflow %s does not exist', destination_id),
                ERRCODE = 'foreign_key_violation';
END;
$$;
CREATE FUNCTION public.audit_keeps() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'the audit log is only added to'; END $$;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE dbos.application_versions (
    version_id text NOT NULL,
    version_name text NOT NULL,
    version_timestamp bigint DEFAULT ((EXTRACT(epoch FROM now()) * 1000.0))::bigint NOT NULL,
    created_at bigint DEFAULT ((EXTRACT(epoch FROM now()) * 1000.0))::bigint NOT NULL,
    application_name text
);
CREATE TABLE dbos.dbos_migrations (
    version bigint NOT NULL
);
CREATE TABLE dbos.event_dispatch_kv (
    service_name text NOT NULL,
    workflow_fn_name text NOT NULL,
    key text NOT NULL,
    value text,
    update_seq numeric(38,0),
    update_time numeric(38,15)
);
CREATE TABLE dbos.notifications (
    message_uuid text DEFAULT gen_random_uuid() NOT NULL,
    destination_uuid text NOT NULL,
    topic text,
    message text NOT NULL,
    created_at_epoch_ms bigint DEFAULT ((EXTRACT(epoch FROM now()) * 1000.0))::bigint NOT NULL,
    serialization text,
    consumed boolean DEFAULT false NOT NULL,
    consumed_by_function_id integer
);
CREATE TABLE dbos.operation_outputs (
    workflow_uuid text NOT NULL,
    function_id integer NOT NULL,
    function_name text DEFAULT ''::text NOT NULL,
    output text,
    error text,
    child_workflow_id text,
    started_at_epoch_ms bigint,
    completed_at_epoch_ms bigint,
    serialization text,
    application_name text,
    retention_timestamp bigint DEFAULT ((EXTRACT(epoch FROM now()) * 1000.0))::bigint NOT NULL
);
CREATE TABLE dbos.queues (
    queue_id text DEFAULT (gen_random_uuid())::text NOT NULL,
    name text NOT NULL,
    concurrency integer,
    worker_concurrency integer,
    rate_limit_max integer,
    rate_limit_period_sec double precision,
    priority_enabled boolean DEFAULT false NOT NULL,
    partition_queue boolean DEFAULT false NOT NULL,
    polling_interval_sec double precision DEFAULT 1.0 NOT NULL,
    created_at bigint DEFAULT ((EXTRACT(epoch FROM now()) * 1000.0))::bigint NOT NULL,
    updated_at bigint DEFAULT ((EXTRACT(epoch FROM now()) * 1000.0))::bigint NOT NULL,
    application_name text,
    partition_concurrency integer,
    partition_worker_concurrency integer,
    partition_rate_limit_max integer,
    partition_rate_limit_period_sec double precision
);
CREATE TABLE dbos.streams (
    workflow_uuid text NOT NULL,
    key text NOT NULL,
    value text NOT NULL,
    "offset" integer NOT NULL,
    function_id integer DEFAULT 0 NOT NULL,
    serialization text
);
CREATE TABLE dbos.workflow_events (
    workflow_uuid text NOT NULL,
    key text NOT NULL,
    value text NOT NULL,
    serialization text
);
CREATE TABLE dbos.workflow_events_history (
    workflow_uuid text NOT NULL,
    function_id integer NOT NULL,
    key text NOT NULL,
    value text NOT NULL,
    serialization text
);
CREATE TABLE dbos.workflow_input (
    workflow_uuid text NOT NULL,
    inputs text,
    retention_timestamp bigint DEFAULT ((EXTRACT(epoch FROM now()) * 1000.0))::bigint NOT NULL
);
CREATE TABLE dbos.workflow_output (
    workflow_uuid text NOT NULL,
    output text,
    error text,
    retention_timestamp bigint DEFAULT ((EXTRACT(epoch FROM now()) * 1000.0))::bigint NOT NULL
);
CREATE TABLE dbos.workflow_schedules (
    schedule_id text NOT NULL,
    schedule_name text NOT NULL,
    workflow_name text NOT NULL,
    workflow_class_name text,
    schedule text NOT NULL,
    status text DEFAULT 'ACTIVE'::text NOT NULL,
    context text NOT NULL,
    last_fired_at text,
    automatic_backfill boolean DEFAULT false NOT NULL,
    cron_timezone text,
    queue_name text,
    application_name text
);
CREATE TABLE dbos.workflow_status (
    workflow_uuid text NOT NULL,
    status text,
    name text,
    authenticated_user text,
    assumed_role text,
    authenticated_roles text,
    request text,
    output text,
    error text,
    executor_id text,
    created_at bigint DEFAULT ((EXTRACT(epoch FROM now()) * 1000.0))::bigint NOT NULL,
    updated_at bigint DEFAULT ((EXTRACT(epoch FROM now()) * 1000.0))::bigint NOT NULL,
    application_version text,
    application_id text,
    class_name character varying(255) DEFAULT NULL::character varying,
    config_name character varying(255) DEFAULT NULL::character varying,
    recovery_attempts bigint DEFAULT 0,
    queue_name text,
    workflow_timeout_ms bigint,
    workflow_deadline_epoch_ms bigint,
    inputs text,
    started_at_epoch_ms bigint,
    deduplication_id text,
    priority integer DEFAULT 0 NOT NULL,
    queue_partition_key text,
    forked_from text,
    owner_xid text,
    parent_workflow_id text,
    serialization text,
    delay_until_epoch_ms bigint,
    was_forked_from boolean DEFAULT false NOT NULL,
    rate_limited boolean DEFAULT false NOT NULL,
    completed_at bigint,
    attributes jsonb,
    schedule_name text,
    debounce_deadline_epoch_ms bigint,
    is_debounced boolean DEFAULT false NOT NULL,
    application_name text,
    creator_xid text
);
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.audit (
    workspace character varying(200) NOT NULL,
    "position" bigint NOT NULL,
    at double precision NOT NULL,
    person character varying(200) NOT NULL,
    action character varying(60) NOT NULL,
    subject character varying(300) NOT NULL,
    detail text NOT NULL,
    previous character varying(64) NOT NULL,
    digest character varying(64) NOT NULL
);
CREATE TABLE public.audit_heads (
    workspace character varying(200) NOT NULL,
    length bigint NOT NULL,
    digest character varying(64) NOT NULL
);
CREATE TABLE public.decisions (
    decision_id character varying(40) NOT NULL,
    workspace character varying(200) NOT NULL,
    project character varying(200) NOT NULL,
    run_id character varying(40) NOT NULL,
    report_id character varying(40) NOT NULL,
    decided character varying(20) NOT NULL,
    person character varying(200) NOT NULL,
    path text NOT NULL,
    decided_at double precision NOT NULL
);
CREATE TABLE public.deliveries (
    workspace character varying(200) NOT NULL,
    delivery_id character varying(300) NOT NULL,
    received_at double precision NOT NULL,
    event text NOT NULL,
    run_id character varying(40)
);
CREATE TABLE public.evidence (
    workspace character varying(200) NOT NULL,
    evidence_key character varying(64) NOT NULL,
    created_at double precision NOT NULL,
    packed bytea NOT NULL
);
CREATE TABLE public.fix_steps (
    sequence bigint NOT NULL,
    workspace character varying(200) NOT NULL,
    project character varying(200) NOT NULL,
    run_id character varying(40) NOT NULL,
    fix character varying(300) NOT NULL,
    step character varying(30) NOT NULL,
    person character varying(200) NOT NULL,
    at double precision NOT NULL
);
CREATE SEQUENCE public.fix_steps_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.fix_steps_sequence_seq OWNED BY public.fix_steps.sequence;
CREATE TABLE public.idempotency (
    workspace character varying(200) NOT NULL,
    person character varying(200) NOT NULL,
    idempotency_key character varying(200) NOT NULL,
    fingerprint character varying(64) NOT NULL,
    begun_at double precision NOT NULL,
    status integer,
    answer text,
    headers text
);
CREATE TABLE public.keys (
    name character varying(40) NOT NULL,
    key bytea NOT NULL
);
CREATE TABLE public.outbox (
    message_id character varying(40) NOT NULL,
    workspace character varying(200) NOT NULL,
    project character varying(200) NOT NULL,
    run_id character varying(40) NOT NULL,
    channel character varying(20) NOT NULL,
    address text NOT NULL,
    state character varying(20) NOT NULL,
    attempts integer NOT NULL,
    created_at double precision NOT NULL,
    next_at double precision,
    finished_at double precision,
    detail text
);
CREATE TABLE public.pictures (
    workspace character varying(200) NOT NULL,
    evidence_key character varying(64) NOT NULL,
    picture_id character varying(40) NOT NULL,
    jpeg bytea NOT NULL
);
CREATE TABLE public.projects (
    workspace character varying(200) NOT NULL,
    project character varying(200) NOT NULL,
    run_id character varying(40) NOT NULL,
    sequence bigint NOT NULL,
    version integer,
    state character varying(30) NOT NULL,
    effort double precision NOT NULL
);
CREATE TABLE public.reports (
    run_id character varying(40) NOT NULL,
    report_id character varying(40) NOT NULL,
    sequence bigint NOT NULL,
    workspace character varying(200) NOT NULL,
    project character varying(200) NOT NULL,
    version integer,
    model character varying(200),
    evidence_key character varying(64) NOT NULL,
    spec_text text NOT NULL,
    waivers text NOT NULL,
    created_at double precision NOT NULL,
    state character varying(30) NOT NULL,
    blocked_by character varying(20),
    score integer NOT NULL,
    headline text NOT NULL,
    next_action character varying(40) NOT NULL,
    next_sentence text NOT NULL,
    packed bytea NOT NULL
);
CREATE TABLE public.runs (
    sequence bigint NOT NULL,
    run_id character varying(40) NOT NULL,
    workspace character varying(200) NOT NULL,
    project character varying(200) NOT NULL,
    version integer,
    model character varying(200),
    because character varying(40) NOT NULL,
    content_key character varying(64) NOT NULL,
    options text NOT NULL,
    state character varying(20) NOT NULL,
    stage character varying(200) NOT NULL,
    done integer,
    total integer,
    attempts integer NOT NULL,
    accepted_at double precision NOT NULL,
    started_at double precision,
    stage_at double precision,
    finished_at double precision,
    report_id character varying(40),
    evidence_key character varying(64),
    problem character varying(60),
    detail text
);
CREATE SEQUENCE public.runs_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.runs_sequence_seq OWNED BY public.runs.sequence;
CREATE TABLE public.sessions (
    digest character varying(64) NOT NULL,
    token_id character varying(40) NOT NULL,
    created_at double precision NOT NULL,
    expires_at double precision NOT NULL
);
CREATE TABLE public.sign_offs (
    workspace character varying(200) NOT NULL,
    run_id character varying(40) NOT NULL,
    person character varying(200) NOT NULL,
    signed_at double precision NOT NULL
);
CREATE TABLE public.specs (
    sequence bigint NOT NULL,
    workspace character varying(200) NOT NULL,
    project character varying(200) NOT NULL,
    text text NOT NULL,
    digest character varying(64) NOT NULL,
    author character varying(200) NOT NULL,
    created_at double precision NOT NULL
);
CREATE SEQUENCE public.specs_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.specs_sequence_seq OWNED BY public.specs.sequence;
CREATE TABLE public.tokens (
    token_id character varying(40) NOT NULL,
    workspace character varying(200) NOT NULL,
    person character varying(200) NOT NULL,
    role character varying(20) NOT NULL,
    digest character varying(64) NOT NULL,
    created_at double precision NOT NULL,
    expires_at double precision,
    revoked_at double precision
);
CREATE TABLE public.waivers (
    waiver_id character varying(40) NOT NULL,
    workspace character varying(200) NOT NULL,
    project character varying(200) NOT NULL,
    text text NOT NULL,
    author character varying(200) NOT NULL,
    created_at double precision NOT NULL,
    withdrawn_at double precision
);
CREATE TABLE public.watermarks (
    workspace character varying(200) NOT NULL,
    snapshot text NOT NULL,
    seen_at double precision NOT NULL,
    held_until double precision
);
CREATE TABLE public.workers (
    name character varying(200) NOT NULL,
    beat_at double precision NOT NULL,
    adopted_by character varying(200),
    adopted_at double precision
);
ALTER TABLE ONLY public.fix_steps ALTER COLUMN sequence SET DEFAULT nextval('public.fix_steps_sequence_seq'::regclass);
ALTER TABLE ONLY public.runs ALTER COLUMN sequence SET DEFAULT nextval('public.runs_sequence_seq'::regclass);
ALTER TABLE ONLY public.specs ALTER COLUMN sequence SET DEFAULT nextval('public.specs_sequence_seq'::regclass);
INSERT INTO dbos.application_versions VALUES ('ec53fecd-fd5d-43f0-b12a-5203dc293609', '1', 1795820969246, 1795820969246, 'vision-readiness');
INSERT INTO dbos.dbos_migrations VALUES (125);
INSERT INTO dbos.operation_outputs VALUES ('fc437b08f558427ab85a3f9aa58358c0', 1, 'run', 'gAROLg==', NULL, NULL, 1795820970491, 1795820971524, 'py_pickle', 'vision-readiness', 1795820971529);
INSERT INTO dbos.operation_outputs VALUES ('bd4aedf8b6bf4c689be153c1f6c3e016-0', 1, 'send', 'gAROLg==', NULL, NULL, 1795820971639, 1795820971691, 'py_pickle', 'vision-readiness', 1795820971695);
INSERT INTO dbos.operation_outputs VALUES ('f694ff28c2c7449d95b56d8e05cbaead', 1, 'run', 'gAROLg==', NULL, NULL, 1795820971780, 1795820971891, 'py_pickle', 'vision-readiness', 1795820971896);
INSERT INTO dbos.operation_outputs VALUES ('eb1d99be686149f2821034d6b9706b87', 1, 'run', 'gAROLg==', NULL, NULL, 1795820972132, 1795820972348, 'py_pickle', 'vision-readiness', 1795820972350);
INSERT INTO dbos.operation_outputs VALUES ('976ffe915ac64f86a5ab206aefbfd413-0', 1, 'send', 'gAROLg==', NULL, NULL, 1795820972461, 1795820972495, 'py_pickle', 'vision-readiness', 1795820972508);
INSERT INTO dbos.queues VALUES ('9fc03f15-ac6b-44a6-bbae-eed37dc7266a', 'readiness', NULL, 1, NULL, NULL, true, false, 0.05, 1795820969361, 1795820974571, 'vision-readiness', NULL, NULL, NULL, NULL);
INSERT INTO dbos.workflow_input VALUES ('fc437b08f558427ab85a3f9aa58358c0', 'gASVQgAAAAAAAAB9lCiMBGFyZ3OUjANydW6UjCBmYzQzN2IwOGY1NTg0MjdhYjg1YTNmOWFhNTgzNThjMJSGlIwGa3dhcmdzlH2UdS4=', 1795820969421);
INSERT INTO dbos.workflow_input VALUES ('bd4aedf8b6bf4c689be153c1f6c3e016-0', 'gASVQwAAAAAAAAB9lCiMBGFyZ3OUjARzZW5klIwgYmQ0YWVkZjhiNmJmNGM2ODliZTE1M2MxZjZjM2UwMTaUhpSMBmt3YXJnc5R9lHUu', 1795820971414);
INSERT INTO dbos.workflow_input VALUES ('f694ff28c2c7449d95b56d8e05cbaead', 'gASVQgAAAAAAAAB9lCiMBGFyZ3OUjANydW6UjCBmNjk0ZmYyOGMyYzc0NDlkOTViNTZkOGUwNWNiYWVhZJSGlIwGa3dhcmdzlH2UdS4=', 1795820971576);
INSERT INTO dbos.workflow_input VALUES ('eb1d99be686149f2821034d6b9706b87', 'gASVQgAAAAAAAAB9lCiMBGFyZ3OUjANydW6UjCBlYjFkOTliZTY4NjE0OWYyODIxMDM0ZDZiOTcwNmI4N5SGlIwGa3dhcmdzlH2UdS4=', 1795820972023);
INSERT INTO dbos.workflow_input VALUES ('976ffe915ac64f86a5ab206aefbfd413-0', 'gASVQwAAAAAAAAB9lCiMBGFyZ3OUjARzZW5klIwgOTc2ZmZlOTE1YWM2NGY4NmE1YWIyMDZhZWZiZmQ0MTOUhpSMBmt3YXJnc5R9lHUu', 1795820972297);
INSERT INTO dbos.workflow_input VALUES ('d92cb7e4648b410d989eb623ee875fd2', 'gASVQgAAAAAAAAB9lCiMBGFyZ3OUjANydW6UjCBkOTJjYjdlNDY0OGI0MTBkOTg5ZWI2MjNlZTg3NWZkMpSGlIwGa3dhcmdzlH2UdS4=', 1795820974698);
INSERT INTO dbos.workflow_input VALUES ('661622a233ca4ad9b8892dc008e1f235', 'gASVQgAAAAAAAAB9lCiMBGFyZ3OUjANydW6UjCA2NjE2MjJhMjMzY2E0YWQ5Yjg4OTJkYzAwOGUxZjIzNZSGlIwGa3dhcmdzlH2UdS4=', 1795820974714);
INSERT INTO dbos.workflow_output VALUES ('fc437b08f558427ab85a3f9aa58358c0', 'gAROLg==', NULL, 1795820971559);
INSERT INTO dbos.workflow_output VALUES ('bd4aedf8b6bf4c689be153c1f6c3e016-0', 'gAROLg==', NULL, 1795820971712);
INSERT INTO dbos.workflow_output VALUES ('f694ff28c2c7449d95b56d8e05cbaead', 'gAROLg==', NULL, 1795820971913);
INSERT INTO dbos.workflow_output VALUES ('eb1d99be686149f2821034d6b9706b87', 'gAROLg==', NULL, 1795820972376);
INSERT INTO dbos.workflow_output VALUES ('976ffe915ac64f86a5ab206aefbfd413-0', 'gAROLg==', NULL, 1795820972519);
INSERT INTO dbos.workflow_status VALUES ('fc437b08f558427ab85a3f9aa58358c0', 'SUCCESS', 'readiness-job', NULL, NULL, NULL, NULL, NULL, NULL, 'first', 1795820969421, 1795820971559, '1', NULL, NULL, NULL, 1, 'readiness', NULL, NULL, NULL, 1795820970442, NULL, 0, NULL, NULL, NULL, NULL, 'py_pickle', NULL, false, false, 1795820971559, 'null', NULL, NULL, false, 'vision-readiness', '43a6bad6-88e4-49e4-8619-f5e21f4ec38b');
INSERT INTO dbos.workflow_status VALUES ('bd4aedf8b6bf4c689be153c1f6c3e016-0', 'SUCCESS', 'readiness-job', NULL, NULL, NULL, NULL, NULL, NULL, 'first', 1795820971414, 1795820971712, '1', NULL, NULL, NULL, 1, 'readiness', NULL, NULL, NULL, 1795820971589, NULL, 0, NULL, NULL, NULL, NULL, 'py_pickle', NULL, false, false, 1795820971712, 'null', NULL, NULL, false, 'vision-readiness', 'c4e5be81-3406-43c9-b45e-b825a914dc99');
INSERT INTO dbos.workflow_status VALUES ('f694ff28c2c7449d95b56d8e05cbaead', 'SUCCESS', 'readiness-job', NULL, NULL, NULL, NULL, NULL, NULL, 'first', 1795820971576, 1795820971913, '1', NULL, NULL, NULL, 1, 'readiness', NULL, NULL, NULL, 1795820971749, NULL, 0, NULL, NULL, NULL, NULL, 'py_pickle', NULL, false, false, 1795820971913, 'null', NULL, NULL, false, 'vision-readiness', 'cb6b3c87-553a-4f00-af77-69e420699468');
INSERT INTO dbos.workflow_status VALUES ('eb1d99be686149f2821034d6b9706b87', 'SUCCESS', 'readiness-job', NULL, NULL, NULL, NULL, NULL, NULL, 'first', 1795820972023, 1795820972376, '1', NULL, NULL, NULL, 1, 'readiness', NULL, NULL, NULL, 1795820972065, NULL, 0, NULL, NULL, NULL, NULL, 'py_pickle', NULL, false, false, 1795820972376, 'null', NULL, NULL, false, 'vision-readiness', 'c32136e5-5525-4aed-9dc9-fcdfa0b02373');
INSERT INTO dbos.workflow_status VALUES ('976ffe915ac64f86a5ab206aefbfd413-0', 'SUCCESS', 'readiness-job', NULL, NULL, NULL, NULL, NULL, NULL, 'first', 1795820972297, 1795820972519, '1', NULL, NULL, NULL, 1, 'readiness', NULL, NULL, NULL, 1795820972435, NULL, 0, NULL, NULL, NULL, NULL, 'py_pickle', NULL, false, false, 1795820972519, 'null', NULL, NULL, false, 'vision-readiness', 'ee48b762-293a-4914-9df5-27ebc3fc5a64');
INSERT INTO dbos.workflow_status VALUES ('d92cb7e4648b410d989eb623ee875fd2', 'ENQUEUED', 'readiness-job', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1795820974698, 1795820974698, '1', NULL, NULL, NULL, 0, 'readiness', NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, 'py_pickle', NULL, false, false, NULL, 'null', NULL, NULL, false, NULL, '6714d02f-8e3f-403f-bae7-70ddb1e20863');
INSERT INTO dbos.workflow_status VALUES ('661622a233ca4ad9b8892dc008e1f235', 'ENQUEUED', 'readiness-job', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1795820974714, 1795820974714, '1', NULL, NULL, NULL, 0, 'readiness', NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, 'py_pickle', NULL, false, false, NULL, 'null', NULL, NULL, false, NULL, '08e321fd-55d7-407a-9faa-7a4db9d4a060');
INSERT INTO public.alembic_version VALUES ('0003');
INSERT INTO public.audit VALUES ('acme', 1, 1767225720, 'neha@acme.example', 'spec.saved', 'line-1', '{"digest": "6fb7f1089f4a246b", "replaces": null}', '0000000000000000000000000000000000000000000000000000000000000000', '8a43f6b64a7ef98df18237deaa2f4bacfbb7a29780ff44ebc0556f6014b035a6');
INSERT INTO public.audit VALUES ('acme', 2, 1767225780, 'neha@acme.example', 'fix.opened', 'line-1', '{"fix": "MODEL402", "report": "6652c222ed1e2f47"}', '8a43f6b64a7ef98df18237deaa2f4bacfbb7a29780ff44ebc0556f6014b035a6', '3a49ff7eccae66ffe9abcac485f500750e458c7efb360207542387f802d61a40');
INSERT INTO public.audit VALUES ('acme', 3, 1767225840, 'neha@acme.example', 'risk.accepted', 'line-1', '{"code": "DATA101", "expires": "2027-06-30", "person": "neha@acme.example", "reason": "known, and being mended", "subject": "package", "waiver": "eaecb34374b14ba4bf525c43c3265245"}', '3a49ff7eccae66ffe9abcac485f500750e458c7efb360207542387f802d61a40', '000127a54140ef0a005936f8f2ad1986233e5ddfc6dd4ad41ce3b778146b623a');
INSERT INTO public.audit_heads VALUES ('acme', 3, '000127a54140ef0a005936f8f2ad1986233e5ddfc6dd4ad41ce3b778146b623a');
INSERT INTO public.deliveries VALUES ('acme', 'delivery-1', 1767225600, '{"type":"version.created"}', 'fc437b08f558427ab85a3f9aa58358c0');
INSERT INTO public.evidence VALUES ('acme', '9b5c4d2b3200e271d0bb0a21227651eba705daff692fab9374f60ac183b1e0c8', 1767225600, '\x504b0304140000000800000021003553fa743f070000d61a00000d0000006d616e69666573742e6a736f6ed559e96ee338127e95867e6f3b2425eae85769340c1e4547135dab238927c8bb6ff1906427b29c1ecc00b3069298acaf4a55c5baa8bc45f05c6a6814443fbebd45a269da09173534e3803b3f7ffde75b24a6935d8bb16c9b794f8b510c303a26d9bec20256951806bf8c3aa19ec40922dcee445521dc7e837e40390edb36bab4521dfc6724fbf2f43836300c087c8bca1a990369ec45d9e02e7ed5a27f8261fc363e96bdc62d86a27e4675a97505cb26719b5ee02598fefae528cfa22af5b63cba258fde916737b7c5912d716c479cf54c8b94d23a3baa410c530f3a7a772cc3a3e8bb7b1eaa9067fce6a05fb1ca01ef38e9ef12b9fae9ef90b8eb2ad5b72fba6c4e7b9e7ac403581e51b52feb79812ea7da9dd4275f7c9d69b57683875ef37cb66714a7d91451432f7693a2554fdfe912596ec96ec4fb1de84528ef206fa95ad990bee3752dce8bfd8dc56ffb790f76996fe745c319754b4157b9c0805a8b9b2e4f56144254928838cbd38266a64821cd8d044575467392e74a9138a582ab24353237891442c6492a15312ccf48aa32ab74a4a7ae2a9518d77a8861feb42edaf609ed7b5ac9ff9d703d9e5d1db59503bf10dc86575177d50a33951803a97d861e5ebb76c040c79d77dc1af0a1e30737bf455077e3f9b81c81e55d16f1b238be94e3a3675dcb75ecbcb9d4ecb0f485db2e9d6fe51fb31f2f59f9356b7acd9a38d6a19d7ab5e811567f4d91f7aba0f9771acdff19a3430afc4b6ce6fff8415b813874d814093a7dd730e29fd261a2a9e94168212b98b3e6a56f9bd37128fff43b36554e7d3b755682ff72e9aab77bf3480db5448d3ced639b0f720eab8c0339048e0389b61adb2e0b8d6e8c08bb5c2cfa9df1e1caa0ad7ebcf12cfafb46d18f467deae5bb4cf76cbaeaf3572685a6bb219d7db4c2b7e45d64507e69d8bbe04f4a6f36f3eb889abbed86e0f8a3be4b2fde05d3db5a5cf5e90f917dde969b7c54626eb7bbd81b3ad8bd4770027e2c02c206929ee0ecae1042d5f0e08c0db56278881f5c8f7b8067bc947c578c4b436379fca33b1d7a73a01948ca73c5882e98e644b25c258450c8734e53480e88b30fb82f58654ac944cd8259ca620a499119149872430a5ed042f18251ced3827f59b0a14073be6a1c67384e143ca1a2288c562227dc24867251e82c3531db15ec3adfac315592132d66c1b9e18a4392a63ce640923813aa28b2cc9084155941f635be140c3a3646168b60290941f71865e298e59482262ccdd3189dce63cad22f0b364c199d113d0b468fd344a6326514f5a42ace89d252a267240a9774dfc75851825cc95128248b8b532145cc084bc04809daa8148aa4c895864ca105e4ab72352331805cf4a54c278c693cb284a243b5963827d29470966b43bf2e1762858c6ad157c78ae75c1899089373501280089c414da2449668e3e4ae0df62283c2c63c145e52dcda76c552bbfe3b13fcda36471c32a15136f19aa9aac2f07a343db827ac0ba4d4ad86cabf323861680fe3b1133d9ab2f20a9c536d6fff71790f88dd10fc02bdabe356c621e00e7e1be93d5cccd08cd87166eaba2d16bf8d748ca9093ed3fdb6b54cc238427f6c7bede4041595e8b56ffcbff7d2c2a07e5b370801294f1827248bb34cb0acd014539a9a3c018094194ef39c995471ccc13865854a35266c21316f05e35c46ae260aab53746eabd6ae1bec16ab656dd3bc464b359d477e3b14d9338151d8f732be383b41eebe636724ec966ed71ff6a7edb5f05eeff7e0a6a74fc23ba143cb8dd0d743e97d136e1fa08f7e22bbe6999d7c45b00eecf0c4fb1627c3c18a746f944ef6948ca80670339b380f4ab8b96ede5b5a47913a79c2bd9922078c96f997131df4f45371b006bd398c3d8cca396218adbf7f52cb35fffae5c6c9723cf6a271213cf6135ca40e65b9bb77a1b4a33cfb48a531a63db933a35ef8c7dad94cb64786bc401f5806cb7a552a5cceb6fdd3801b4e795b4da2f777178baaf53120ec2c4b0e595e502c45e1272f9ce345c74934db659719bf5a1e871a037d8fffb80c3d3673e6cd4af42e4fd6bdfe489d18ced2cb4fb6508923e798d5171fba92f7e9ab9eb7101b7af6d77abadbb4282b777b76f95b0b8c84700310cd8055c8d142c605ea61a1d8d2e6be070ebc74dc42e35f4bb5f5a77dbd0db2c45058a6e1f6b3dd7ce51117e8f9367587c5c36ce2f8a6b08d7ef41da23c35ed8e1386c30c9847bf1d641d6a6925a46b1837709e6c2b1b965a31fa9cbd815d213607156a721bebc92e5704760b1d2ac1ef14fc4e94fd65747c7e984384473a9fb4d32d9025b93a306d9d9ac778e2fbdd5282a8bd18f480fd100c981081a69d9a8d530f204f9d61c71b8ebf0407cc5e4405f8fd809a8177e229c03cf5dd15c9a63d3acc518212980b6bffff38b2fcff3622b057af300ee05cd0d93ee29ecd7996529e15f8c9392bf2c4b76ff47539430a1a734ab2d4d6d13863fe450ed8d90967300761495ce4799e720ba1c5e5bb1d6bc3c35877f6879c5fb23af9f3f161f0e6f4f63dc3e2dc794eb8ea7bf4baef55d81cfd15f846c3336d5fbb37a1d17369a57db7af7c4afb42e361fe3fd6038ddeff07504b030414000000080000002100f3a737ee5b000000a40000000900000067726f75702e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9369a2aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91a963a9a3a0ab50a14002e06206004622620660662162066056236206607620e200600504b030414000000080000002100532529534b0000008900000021000000696d616765732e636f6e646974696f6e732e302e6d656d626572732e302e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a05e9364a8aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91a963a9a3a0ab50a14002e4646064606100000504b030414000000080000002100998404954b0000008900000021000000696d616765732e636f6e646974696f6e732e302e6d656d626572732e312e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a05e9364a8aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91a963a9a3a0ab50a14002e0610606460640400504b03041400000008000000210018aa71d94a0000008900000021000000696d616765732e636f6e646974696f6e732e302e6d656d626572732e322e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a05e9364a8aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91a963a9a3a0ab50a14002e06064630640000504b03041400000008000000210099eea4704b0000008900000021000000696d616765732e636f6e646974696f6e732e312e6d656d626572732e302e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a05e9364a8aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91a963a9a3a0ab50a14002e4606060646100200504b0304140000000800000021006cbe682a490000008900000021000000696d616765732e636f6e646974696f6e732e312e6d656d626572732e312e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a05e9364a8aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91a963a9a3a0ab50a14002e060646080200504b030414000000080000002100275b9045490000008900000021000000696d616765732e636f6e646974696f6e732e312e6d656d626572732e322e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a05e9364a8aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91a963a9a3a0ab50a14002e064620042100504b0304140000000800000021008c1498864a0000008900000021000000696d616765732e636f6e646974696f6e732e322e6d656d626572732e302e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a05e9364a8aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91a963a9a3a0ab50a14002e46060620026200504b030414000000080000002100bdd2a334480000008900000021000000696d616765732e636f6e646974696f6e732e322e6d656d626572732e312e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a05e9364a8aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91a963a9a3a0ab50a14002e0628600400504b030414000000080000002100e3cd67ad4c0000008900000021000000696d616765732e636f6e646974696f6e732e322e6d656d626572732e322e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a05e9364a8aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91a963a9a3a0ab50a14002e064646206264600000504b03041400000008000000210055e370054c0000008900000021000000696d616765732e636f6e646974696f6e732e332e6d656d626572732e302e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a05e9364a8aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91a963a9a3a0ab50a14002e464606064620600000504b030414000000080000002100ac0a88594c0000008900000021000000696d616765732e636f6e646974696f6e732e332e6d656d626572732e312e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a05e9364a8aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91a963a9a3a0ab50a14002e060646460620600400504b0304140000000800000021008e9a76ae490000008900000021000000696d616765732e636f6e646974696f6e732e342e6d656d626572732e302e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a05e9364a8aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91a963a9a3a0ab50a14002e060646080400504b03041400000008000000210077738ef2490000008900000021000000696d616765732e636f6e646974696f6e732e342e6d656d626572732e312e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a05e9364a8aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91a963a9a3a0ab50a14002e464606080400504b0304140000000800000021006ac4b3634a000000a400000011000000696d616765732e6865696768742e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9369a2aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91a963a9a3a0ab50a1400ae04060606421800504b030414000000080000002100f3a737ee5b000000a400000011000000696d616765732e736f757263652e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9369a2aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91a963a9a3a0ab50a14002e06206004622620660662162066056236206607620e200600504b03041400000008000000210093e28c624d0000008900000010000000696d616765732e73706c69742e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a05e9369a8aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91a963a9a3a0ab50a14002e06060646464626262600504b0304140000000800000021008db58aa34a000000a400000010000000696d616765732e77696474682e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9369a2aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91a963a9a3a0ab50a1400ae06060606421800504b030414000000080000002100bb14fa624a000000890000000d0000006c65616b5f667265652e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a05e9364a8aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91a963a9a3a0ab50a14002e06060646300000504b0304140000000800000021009d32cc0a69000000c8000000170000006d6f64656c2e617665726167652e6c6f7765722e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9366a1aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91ac63a0ac69a3a0ab50a6403ae6f429d1269479fda5f5f5c60cb75fd3d9ce673337c147bea0586b8baa387975a2aa67a00504b030414000000080000002100dd2a6f7865000000c8000000170000006d6f64656c2e617665726167652e75707065722e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9366a1aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91ac63a0ac69a3a0ab50a6403ae2ec39c6ded9f5eda3380c10738cd5be9e724b5f0358678f86f56cee08d98e200504b030414000000080000002100ade87c268f00000070010000170000006d6f64656c2e617665726167652e76616c75652e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9366a1aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91ac63a0a86069a3a0ab50ae4022e0630f8604f2abde8c092e0cf0acfedaddec8cdde77e2887df5bf5b175abc96926c0e8c7e241d987069e54b7badc3e640a32f43c56180787326ecaedb1621f90c4ecb808cad3c00a701504b030414000000080000002100bb14fa624a000000890000001a0000006d6f64656c2e6d6174636865732e616e7377657265642e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a05e9364a8aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91a963a9a3a0ab50a14002e06060646300000504b03041400000008000000210069840f5847010000900100001e0000006d6f64656c2e6d6174636865732e616e73776572732e617265612e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9366a1aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91ac6263a9a3a0ab50ae4032e06058eeeee2ba50e0c4b3eb7e6555538303084987dbc55e4c050f1dc2ec7b4d581a1664685efda2a07868c8d377b9e3500e51d4a4de380ea335e5ce67b56e2c0b0a7edff54eb4a07862fb3dade69f43830943c3ebe47bdda81c1a1297fc2b47a0786a829693f4c9b1c1826ac3389b4019ac790b6f6ce2fa0be094f4f9acf68766038b0244e83a705c8b7dbdf18540894cf0d6e77e8726068acbddfe85c0bb4478e47e9791b507cadfcbc6f8d0e0c0a9fcdbffe00ba87c3b64be2583150bc36d8e321d0bc49ab1f7db80652d79baebebf062ede50cd143dbf17688f56b1544c07d0dddb7c9cb92cea1c1816bcdbc6f53dcf8121c22f5cfb628a03838be5d9998b2b1c00504b030414000000080000002100816ca803ca020000c00400001d0000006d6f64656c2e6d6174636865732e616e73776572732e626f782e6e70799d536b481451149e2d9034148ac54c30267b8c8f25059fa9e4f599f958774d2d1fac23baa2112abb1af6902e810962a96409b1d1181425a5fe30985472301022e8478412284d52f927a984b597523bdfa1ffd1fcf938f79efb9def9cefcc356b5991adc2249c11ce4bf54e779d4b4a11a5b48664c9224a0d2dae36576d734d8babde699ce7d69e763b7de7eec6da56a72f8e888bb788f19116b153fcdf2f40f07d9ece72e6039eb79e67a0b663ae0af8cd633390ed1dcc32504fd828c6f9738b15f98b9e5203e5cce80ae4ad956423f6dbe5403cbd5180fc94f0e3062a5fdac127783e54232ff225def38313470d14a7620a118fe5209f278edbf17e428c05b68f228fbd6247f0fe46531974dd8a3881f344f361c461964af039d47cd4f3ff81fed81605fa58c300fae3fd6a1178a71633a80fdb31dc5f74d179fe56d417ab2633913f5449f328d88dba42aa443832ea4d37eaceace4525f8e74e0b3fd9813736d3f095d3329e061c10ed417fc6e97206f2d06ba94ae72ea37ee21eae84fdf42b7d667c29cc4d795c817ee6e627ecaba197df30b59269c9b0672804f56d3289ec7fc85361bfae3b39f18e2b00af4c95793c0a7b74f835feb96f05e59da033ff525957c0b7d077d9af50ae94cf88ef9f0610bfc127a83368cfec5c92e9ad7c779f2f35408cdbdf54d24deeb83e067eef740fe398a78ae1ec27c8434aaaf3d9aab26bf7a69bf42b2a0430bbc097e655083bf9ad7497b1bd14ffe5ceea0fd5df3c79eb2f83ecc917b53e193d261277eef26f5270fa33e1386106bf757c0a38536d5000bcdd81f16fd381971ec39d4673f6dc4cb7f81578bfa4d3ab2eb300fb67384f6bff1abfd5ff8e56dfdd021f370f8225f1a239f9baf8357bcb7001eb927013a6475b9947ccdc07b5d3d807dd383d3e9ff5a2886ef4a8c13fa986a87efcc3c0ed47a96e9bf5c0cc0be2aaa1bf8f71303ef607efcc1be70dc2f9dc5be2a3d4149d0f362d641f7ddf9ec0f504b03041400000008000000210073b3dc7348000000a2000000220000006d6f64656c2e6d6174636865732e616e73776572732e636f6e66757365642e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a05e9364a8aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91ac6263a9a3a0ab50ae4032e06820000504b030414000000080000002100bfd2faa74800000008010000270000006d6f64656c2e6d6174636865732e616e73776572732e636f6e66757365645f776974682e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9369a2aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91ac6263a9a3a0ab50ae4032e86410200504b030414000000080000002100c1ba50dd76000000d40100001d0000006d6f64656c2e6d6174636865732e616e73776572732e6869742e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a05e9364a8aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91ac6263a0a86069a3a0ab50a64022e4630600002dc2c10079305956540058ce8009b29486244d981c32df8c518b0d886ec5c6c7af1f80387c9e83a402c00504b03041400000008000000210076dcd2fc4d000000d4010000210000006d6f64656c2e6d6174636865732e616e73776572732e69676e6f7265642e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a05e9364a8aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91ac6263a0a86069a3a0ab50a64022e865140750000504b030414000000080000002100d69be3c458000000080100001f0000006d6f64656c2e6d6174636865732e616e73776572732e696d6167652e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9369a2aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91ac6263a9a3a0ab50ae4032e660606067c98050db362c16c68989d08cc818601504b030414000000080000002100a88aec0c58000000080100001f0000006d6f64656c2e6d6174636865732e616e73776572732e6c6162656c2e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9369a2aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91ac6263a9a3a0ab50ae4032e0624c008c54c48185d1c9b3a6c6ab0998b4f0f00504b030414000000080000002100d7b8971a48000000a2000000230000006d6f64656c2e6d6174636865732e616e73776572732e6f7065726174696e672e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a05e9364a8aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91ac6263a9a3a0ab50ae4032e46820000504b030414000000080000002100367d85aac6000000900100001f0000006d6f64656c2e6d6174636865732e616e73776572732e73636f72652e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9366a1aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91ac6263a9a3a0ab50ae4032e06068605bffebfb707d2093321b482d00c30cdb014c23f70ef1f44fe1d84ef1008e133441c6d07d31f20e20d91505a156ade7f08cdf000aacf154a77fe85d0bfa1f60540edd902e56f84f2357f41ccfb0235074a2bc0cc9385da77e4d93930ff0594ef01759f8f700f98be06117f600e113f00b377ca17883adb734bc1e25381e200504b030414000000080000002100c921973f8c0000000c0100001e0000006d6f64656c2e6d6174636865732e70616972732e616e737765722e6e70799dcbb90ac2400084e18df77d1f281e6bb50adba98d58db2936165612cc8a8218d9888df814beb07f2085b5035f3103f3d9ecd6dbbd239ee2a53c131cad5a48b5bccc9496eae4db87756f07df7a26dc57ee3530ecc1d9bd1bfa783ad7132ddff2ffe4047122b1481c09249142fa47065984c73c0a28a284322aa8a2863a1a68a285363ae8a2873e061862842f504b03041400000008000000210015f370f36e010000980100001b0000006d6f64656c2e6d6174636865732e70616972732e696f752e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9366a1aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91ac6a63a9a3a0ab50ae403aebfdefcfd36122fedbf4e6b7eeaf3e385fd3f1dc333ae36fbece59d6f05a41fdb63ff458b4bfb84e44bfbd2ce9b0f2658bfb5dfe11673fe00ef5b7b4b0e93ddd3d7bfb6af7c127129e8f273fba28efada6fa76edacf11f5965bf9ffacbdde337dd78f774fda6fb47a9366faf69dfd42e7f4ebcb8d5fd9f7ae39501e3fefadfd8ad9d59ddfbebdb2ff181d75a3a9f18d7df11ad14b0dd3deda5bbcfd58bbe2c21bfb32fd278b0d45dfd82fbfbfff778fe74b7b1546bdea6f0fdeda330b35dcb73afec6febb1d0b6bd4f7b7f637622277f4ad7c63ffe4c8b4e7e6c26fec435c676a305c78652fbecc307552ff3bfbf525e62f76fd78635f7d9f2d6cf2c437f63a526ba79c3cffcede5eb06dcfed93afed1ff0f29db1d8f0c6fefae28ced1939afecffed95d792bcfec21e00504b030414000000080000002100897dca0f8c0000000c0100001d0000006d6f64656c2e6d6174636865732e70616972732e74727574682e6e70799dc8b90ac2400084e1c4db78df376cb70ae9d446aced141b0b2b59cc8a8218d9151bf1297c61ffa085b5031fcccc6bb559aeb7ae73771e32d0766fe44cc8f969227d210fa1b91975d98526d0d1bf5067abf9ed515d357b389efa235f3cc5fff15ce79338a21e43e2bb9348fdfc514f238b0c3ce450401e459450460555d4d0401d4db4d046075df4d0c7006f504b03041400000008000000210027877499c2000000700100001d0000006d6f64656c2e6d6174636865732e7472757468732e617265612e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9366a1aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91ac6063a9a3a0ab50ae403ae59338140b2d8210d0c8a1c8c416072aec3d933409052e100965fdbeac00002190d109aa11442175440d4f55442d47d6d8788473442cc6b6b86881b9642e8b32d10f99036883d9beb21e29c8510f5d33a20f213ea20e69e6887c8cf2c8388bf6880e88b2e86da077597471d847fb419ee3e303f16eade0345105aa1d80100504b030414000000080000002100ac7c4675ae010000400400001c0000006d6f64656c2e6d6174636865732e7472757468732e626f782e6e70799d53bd4ec25014ae1b71f5053a514d1a63028948881c53a8205029a5404130445a1d8898625c8c09efc0840fe0c4c60bf0003039f90e8c3e80b4e7eb4dba7a9793f3fb7de7e7ce0dbb56770ea437e95d19b9d3075fc9ca4acecb28aaac7813ffd51f3edf4ffc911bd8f5e178eaeeedd3a7e18bbbd78f5367aa9c3e51e50ff9bfef500adeac40a9e05975f282f75523b637d9fedd82bd449be08d7b223e9473873e17fbf75360ffae4f8f617c0579d7ec77aa5c57b29067b24e96a8b70df29777a8d3e4bcc529f894d85fbd441d1bb20dfb05e2ba822ff3ba82bd0c1ee84f02be94409c0e3dcffc9306ea68e08b7e8f9ae00dfc751b791a707ab037283e5f9379eeeadc9f0ade9bdf3ce3145127075965bf0abc5983d2217e1ff6367813fa22d16714bfc51cc3fac922f48ef04776c62f00d7a0456c5f09ce1b9b88d3c10377e12914f1e77a3a24e64c1df0d4c47e5962bf8e067f097763000ff730b6047e886b75215b98838d3a517f0efaabe12e32d04dc4dd628fc85fa28f24fa5d0f70f7a6a8c37965c463afeb563c4eca42c7bea48ab8a7d8ff8a706636db5779d849fc93688e8c83ffb63ac71c06f0dfd01f504b0304140000000800000021001352711e480000009e0000001e0000006d6f64656c2e6d6174636865732e7472757468732e666f756e642e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a05e9364a8aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91ac6063a9a3a0ab50ae4032e46bc0000504b03041400000008000000210067f1a62eb300000070010000240000006d6f64656c2e6d6174636865732e7472757468732e666f756e645f73636f72652e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9366a1aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91ac6063a9a3a0ab50ae4032e0606868499ffdfdb03e905bf20b482d00c307de0de3f30cdb014229ef00e423b0442c53f40f80daa503a12aaee3f8466780055dff91742bb42f9bfa1f60440e8035ba0fc8d50bee62f88795fa0e2507318a07c075928fd026aaf07d43dd720fc07e610fe01983d53be40f853817c00504b0304140000000800000021000975779a480000009e000000200000006d6f64656c2e6d6174636865732e7472757468732e69676e6f7265642e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a05e9364a8aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91ac6063a9a3a0ab50ae4032e06bc0000504b030414000000080000002100285da4ee58000000f80000001e0000006d6f64656c2e6d6174636865732e7472757468732e696d6167652e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9369a2aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91ac6063a9a3a0ab50ae4032e660606065c98050db362c16c68981d0fe640c200504b0304140000000800000021008a98485d55000000f80000001e0000006d6f64656c2e6d6174636865732e7472757468732e6c6162656c2e6e70799bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9369a2aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91ac6063a9a3a0ab50ae4032e0624c008c54c508c2e46ac1a42e681d800504b01021403140000000800000021003553fa743f070000d61a00000d00000000000000000000008001000000006d616e69666573742e6a736f6e504b0102140314000000080000002100f3a737ee5b000000a400000009000000000000000000000080016a07000067726f75702e6e7079504b0102140314000000080000002100532529534b000000890000002100000000000000000000008001ec070000696d616765732e636f6e646974696f6e732e302e6d656d626572732e302e6e7079504b0102140314000000080000002100998404954b00000089000000210000000000000000000000800176080000696d616765732e636f6e646974696f6e732e302e6d656d626572732e312e6e7079504b010214031400000008000000210018aa71d94a00000089000000210000000000000000000000800100090000696d616765732e636f6e646974696f6e732e302e6d656d626572732e322e6e7079504b010214031400000008000000210099eea4704b00000089000000210000000000000000000000800189090000696d616765732e636f6e646974696f6e732e312e6d656d626572732e302e6e7079504b01021403140000000800000021006cbe682a49000000890000002100000000000000000000008001130a0000696d616765732e636f6e646974696f6e732e312e6d656d626572732e312e6e7079504b0102140314000000080000002100275b9045490000008900000021000000000000000000000080019b0a0000696d616765732e636f6e646974696f6e732e312e6d656d626572732e322e6e7079504b01021403140000000800000021008c1498864a000000890000002100000000000000000000008001230b0000696d616765732e636f6e646974696f6e732e322e6d656d626572732e302e6e7079504b0102140314000000080000002100bdd2a33448000000890000002100000000000000000000008001ac0b0000696d616765732e636f6e646974696f6e732e322e6d656d626572732e312e6e7079504b0102140314000000080000002100e3cd67ad4c000000890000002100000000000000000000008001330c0000696d616765732e636f6e646974696f6e732e322e6d656d626572732e322e6e7079504b010214031400000008000000210055e370054c000000890000002100000000000000000000008001be0c0000696d616765732e636f6e646974696f6e732e332e6d656d626572732e302e6e7079504b0102140314000000080000002100ac0a88594c000000890000002100000000000000000000008001490d0000696d616765732e636f6e646974696f6e732e332e6d656d626572732e312e6e7079504b01021403140000000800000021008e9a76ae49000000890000002100000000000000000000008001d40d0000696d616765732e636f6e646974696f6e732e342e6d656d626572732e302e6e7079504b010214031400000008000000210077738ef2490000008900000021000000000000000000000080015c0e0000696d616765732e636f6e646974696f6e732e342e6d656d626572732e312e6e7079504b01021403140000000800000021006ac4b3634a000000a40000001100000000000000000000008001e40e0000696d616765732e6865696768742e6e7079504b0102140314000000080000002100f3a737ee5b000000a400000011000000000000000000000080015d0f0000696d616765732e736f757263652e6e7079504b010214031400000008000000210093e28c624d000000890000001000000000000000000000008001e70f0000696d616765732e73706c69742e6e7079504b01021403140000000800000021008db58aa34a000000a4000000100000000000000000000000800162100000696d616765732e77696474682e6e7079504b0102140314000000080000002100bb14fa624a000000890000000d00000000000000000000008001da1000006c65616b5f667265652e6e7079504b01021403140000000800000021009d32cc0a69000000c800000017000000000000000000000080014f1100006d6f64656c2e617665726167652e6c6f7765722e6e7079504b0102140314000000080000002100dd2a6f7865000000c80000001700000000000000000000008001ed1100006d6f64656c2e617665726167652e75707065722e6e7079504b0102140314000000080000002100ade87c268f000000700100001700000000000000000000008001871200006d6f64656c2e617665726167652e76616c75652e6e7079504b0102140314000000080000002100bb14fa624a000000890000001a000000000000000000000080014b1300006d6f64656c2e6d6174636865732e616e7377657265642e6e7079504b010214031400000008000000210069840f5847010000900100001e00000000000000000000008001cd1300006d6f64656c2e6d6174636865732e616e73776572732e617265612e6e7079504b0102140314000000080000002100816ca803ca020000c00400001d00000000000000000000008001501500006d6f64656c2e6d6174636865732e616e73776572732e626f782e6e7079504b010214031400000008000000210073b3dc7348000000a20000002200000000000000000000008001551800006d6f64656c2e6d6174636865732e616e73776572732e636f6e66757365642e6e7079504b0102140314000000080000002100bfd2faa748000000080100002700000000000000000000008001dd1800006d6f64656c2e6d6174636865732e616e73776572732e636f6e66757365645f776974682e6e7079504b0102140314000000080000002100c1ba50dd76000000d40100001d000000000000000000000080016a1900006d6f64656c2e6d6174636865732e616e73776572732e6869742e6e7079504b010214031400000008000000210076dcd2fc4d000000d401000021000000000000000000000080011b1a00006d6f64656c2e6d6174636865732e616e73776572732e69676e6f7265642e6e7079504b0102140314000000080000002100d69be3c458000000080100001f00000000000000000000008001a71a00006d6f64656c2e6d6174636865732e616e73776572732e696d6167652e6e7079504b0102140314000000080000002100a88aec0c58000000080100001f000000000000000000000080013c1b00006d6f64656c2e6d6174636865732e616e73776572732e6c6162656c2e6e7079504b0102140314000000080000002100d7b8971a48000000a20000002300000000000000000000008001d11b00006d6f64656c2e6d6174636865732e616e73776572732e6f7065726174696e672e6e7079504b0102140314000000080000002100367d85aac6000000900100001f000000000000000000000080015a1c00006d6f64656c2e6d6174636865732e616e73776572732e73636f72652e6e7079504b0102140314000000080000002100c921973f8c0000000c0100001e000000000000000000000080015d1d00006d6f64656c2e6d6174636865732e70616972732e616e737765722e6e7079504b010214031400000008000000210015f370f36e010000980100001b00000000000000000000008001251e00006d6f64656c2e6d6174636865732e70616972732e696f752e6e7079504b0102140314000000080000002100897dca0f8c0000000c0100001d00000000000000000000008001cc1f00006d6f64656c2e6d6174636865732e70616972732e74727574682e6e7079504b010214031400000008000000210027877499c2000000700100001d00000000000000000000008001932000006d6f64656c2e6d6174636865732e7472757468732e617265612e6e7079504b0102140314000000080000002100ac7c4675ae010000400400001c00000000000000000000008001902100006d6f64656c2e6d6174636865732e7472757468732e626f782e6e7079504b01021403140000000800000021001352711e480000009e0000001e00000000000000000000008001782300006d6f64656c2e6d6174636865732e7472757468732e666f756e642e6e7079504b010214031400000008000000210067f1a62eb3000000700100002400000000000000000000008001fc2300006d6f64656c2e6d6174636865732e7472757468732e666f756e645f73636f72652e6e7079504b01021403140000000800000021000975779a480000009e0000002000000000000000000000008001f12400006d6f64656c2e6d6174636865732e7472757468732e69676e6f7265642e6e7079504b0102140314000000080000002100285da4ee58000000f80000001e00000000000000000000008001772500006d6f64656c2e6d6174636865732e7472757468732e696d6167652e6e7079504b01021403140000000800000021008a98485d55000000f80000001e000000000000000000000080010b2600006d6f64656c2e6d6174636865732e7472757468732e6c6162656c2e6e7079504b0506000000002c002c00c80c00009c2600000000');
INSERT INTO public.fix_steps VALUES (1, 'acme', 'line-1', 'eb1d99be686149f2821034d6b9706b87', 'MODEL402', 'opened', 'neha@acme.example', 1767225780);
INSERT INTO public.outbox VALUES ('bd4aedf8b6bf4c689be153c1f6c3e016', 'acme', 'line-1', 'fc437b08f558427ab85a3f9aa58358c0', 'told', 'everybody', 'delivered', 1, 1767225600, NULL, 1767225660, '');
INSERT INTO public.outbox VALUES ('976ffe915ac64f86a5ab206aefbfd413', 'acme', 'line-1', 'eb1d99be686149f2821034d6b9706b87', 'told', 'everybody', 'delivered', 1, 1767225720, NULL, 1767225780, '');
INSERT INTO public.projects VALUES ('acme', 'line-1', 'eb1d99be686149f2821034d6b9706b87', 3, 1, 'not_proven', 30);
INSERT INTO public.reports VALUES ('fc437b08f558427ab85a3f9aa58358c0', 'f60718b44eeca76b', 1, 'acme', 'line-1', 1, 'model.onnx@ae6542500737', '9b5c4d2b3200e271d0bb0a21227651eba705daff692fab9374f60ac183b1e0c8', '{"project":"acme/line-1","approved_by":null,"extends":null,"classes":{"package":{"critical":true,"min_recall":0.8,"min_precision":0.8,"threshold":null,"includes":[],"excludes":[],"min_visible_area":null,"truncated":null},"pallet":{"critical":true,"min_recall":0.8,"min_precision":0.8,"threshold":null,"includes":[],"excludes":[],"min_visible_area":null,"truncated":null},"person":{"critical":true,"min_recall":0.9,"min_precision":0.8,"threshold":null,"includes":[],"excludes":[],"min_visible_area":null,"truncated":null}},"requirements":[],"conditions":{"crowding":{"levels":{"high":null,"low":null,"medium":null},"critical":true},"camera":{"levels":{"dock-1":null,"dock-2":null},"critical":true},"lighting":{"levels":{"day":null,"night":null},"critical":true}},"file_name_pattern":null,"seasons":{},"camera":null,"data":null,"agreement":null,"golden_set":null,"challenge_set":null,"deployment_target":{"device":"this-machine","kind":null,"p50_ms":null,"p95_ms":1000.0,"p99_ms":null,"memory_mb":null,"cameras":1,"fps_per_camera":null,"throughput":null,"cost_per_1000_images":null,"price_per_hour":null},"output":null,"monitoring":{"required":false,"in_place":null,"signals":[],"review":null,"retrain":null},"fallback":null,"rollout":null,"rollback_owner":null,"assumptions":{"classes.package":"every class is critical until somebody says it is not","classes.pallet":"every class is critical until somebody says it is not","classes.person":"a missed person can mean injury","conditions.crowding":"the images say so; nobody said what production sees","conditions.camera":"the images say so; nobody said what production sees","conditions.lighting":"the images say so; nobody said what production sees","deployment_target":"nobody named a device or a budget; a camera waits about this long"}}', '[]', 1767225600, 'blocked', 'evidence', 0, 'It was never timed on the device it is for.', 'measure_on_target', 'Measure the model on this-machine (1 h assumed).', '\x789ced7d5b93e336b2e67bff0a842226b627b654e6fdd2fdb25e8f67762266ec096fc79e87390e35254125ba285287a4aaba8ec3ff7d3301f02a4abc8854b14a6cbbba4bbc00c8cc2f13092095f9fb0732737c3f38f82bbaa37e1ccd3e917fff7a8757a3e8b0dbc76ee0e3b5df3f10325b79709146f77b67f5e83c50b83ca34f347c21ec067123b20addd85d391e39f8b1eb9128d8d165b07e2191f302f7637cc40fe2d95db135cfa3715f8dd1300a7c6ccc213b172ead09bf44568e4f7614fe72fddf0ee18b782df0d72ea3f17ee5ec68e8e09bf1961277070446d815f4fb19fa113dbb6bf2bc7562b20f83f561856f9288d2e8b8b530785ebbfe435fed79eec336beb4bd35dd7bc10b8a79113be10367ba78d507f2d7c4216bfae4ae280942f87d7958c3439fe137ce1cf2ecb871449c65708849bc05fe7b010ce903f90301b3f482d5235d2f962f5c96ee9a02a8b0e71908d15d860e0e07f10563413c21f2a267900e5cd3efd8852d90099fe47b897ff69c25f5b0b90472e272f00c17a57b3bfd48437641d30d5db135f84bb5644b17ada2d817d12a08297f0bfe188621d99a69c26fa29110399c8de4b0dfb3366128f01909ec306606ec9a21eb92a15b86a94a368c5832cd5343d615c3d655c336154933ba0e59ab1b32579f3a2edb06b0d7300ddd344ccb344e725901d2641b1eb1cd1297b5ca217f20bf72b8ece34348177bcf29e265eb3c61e3f25970ecf808643bfbb8e0ea92bb1ad2ff3ab8213379d8424801a21e093644b47597407e0da09e2b770474caa34e14036596e82872e34382e959e1f1e481bde7b2e6631a253838f8fc52b0fc8daec0dc16252508549b10a89b1712284c144134342030fff8a5045e4782c98801b92de843d8bf29f2c070bb875d0b0af90b6f02a4c9bc477cfca59ec6e2f3fdcb3167d12f152336f5ba664669409e6a5d46dea88c4cffd27b3513734dd9bd9281b9028923332f79efeb4280b2a6ce9917fbfae6a582bcaef24bc83b695eaac91bd4bc0c20bd53e6e53c75437830031257615eced3379079e91f9e67cc4b2585fd9a17ad8983a61a95145a5d9649723bff45ee7f82a872b3ab45d898c054266be7a5c504014ff72fbf8af9afabf88ebdcf6b4bef78fd704c9e52bd7c684adeebc9ee88b80ae3d295b88aa95d6e37b5f7af7955d34347c52bdbceb2ecce5bce1e64a737312b4af5e46736352b3560f40f9ed73b1915fad5950aae5fc313716403abf448ed4684005a0db4da1391ec626ee9ead17323bc9f6d612ea1ff43c4ce4e7ee23bef5b2722ce7e1f064f744d706f3fdad3d53d31718cb8ddeeb93e8527424ad8910c5ddf8bbe57c19a518a8dc3c7fffbaf1f7f30251987c006806c8357b1a7efc5f6be380a29f4f61cba714c7dd6ab683838c4ab60c7dedc38ae57924c8e822f62b46055283b8c610712ec0062151c7c3c2b8848e0d34fe4ab00fed73bfc15d1c37e63e3f97a962083df4c3e9a55f4fdc04f7f88e3af09838a87a6e0e1e0ae69c63d41689f3472931a3b8f700779b97757b8711d9d25c82a12645711f43370c661f62c3b034a2d3e5219d20df4b30573175f46dedfd9399a4016f9f8f5e88ce8eb9fef92e3a5e730882960f288bcd2e89165e21c09c78a200632a238745c868973a3757d7874e51d2217f4bf8b50500e3b1898073c0261f86785214b55dcc7d66148fb03c2d88761af1893fa07d0163491fad0f21614301b38f475f02300d289a1ffeb979fff62486ad5d0ff0a43811759431141234a1cb201855b82fef535720a1de40e21b131b209831d93f6f33620ce4348cfdb29b9d24efdc5891d120587704511ee8019c0a1c03b709e1d67f6aecadbe0194c2d9a403c088f9d3808234ec15902b44a435b6a41344cfde0906e38e4868b43f082e0114f5ee3d3e3fe290075dac0fc025c07d43c3b2162064ceb068c2ce817c78e183d9a8acf2824b816e28d17c63276f0c65e2a74da44959945e56a1b6187c774ecc17e9c1dfe2ad8bfe09932f63b773cf7113903c8c49994c3884431c83962c4a09d00dbf7396ff0621740f68cc8c3f143c77b18cf31c44ac387ae616ec789872c69fc4c859ab1993c6a4b0753cefbc0f7bf313eb26102131193ab1dfd8e79d6629a8bbe53b9e98bc86f78889e3d85239bcbdfc927b0f5cf9ffff2e33fb4ea49816907b6caad04cae30926501038ad90493343fa5786200da5a1a5f331f9a84bff79502459952589fce9cf9f890fea1c111b3edc93efd9f1bfa212f4b788707cc87370f0404a30f59ea74ca9549bd58aee41fe306160d0070d5d07d412dadb00667251219751a920954a4a6569f7907c54cc3aa255ab47a2bfa06a322a01f39cc835053201d6d9acdf95e29f82788b94b1b91d551d4847e43f407fe8ecd163cdcf1bb75303cebdcf865e2191c636ad7a80ab2d7a873e1a849a3156ce7f5fca4d5c3c4c429dd073c19472ad43cd4fac0f7976e36d03131452980ba288cd5e0f603422eea5141abe64847cc6246b3762930ebadc6c56c36027665b81c9fb90b2317fe65c862ef1a938f3d45a4f0dff8216c3608584713932cb0a163b6fc3b915f43760b8453050bb99838384995b77c7cd28061ecd77ce0aeed07bc2262877c7c3c1e43b09747777cae5fbf2fd2f7ffbf18b5eed39fd033c697ff57207ed87385b83f777477614f4fd8511b10a220ea622dffaf560516a9c9430000cafd10de5d31fac317c824edc599f5049d616fca35e45e82fd03236eb46dcbbe51d311201304b9aebab33284f798e01883286857154b58ac88fdca89c004377138b451e13167706598beb3b766303363bb70414aea30063137292c53b5f511696eece7ec60321717bc265a192e9e6403e3ccab0245533f4e447130ff8e9b66016f724dd5bb264e9baa9589a62db9621ee3f39de81875199b662986afa63e2fd3feec47874a9d9886c5b3f3388240c2ceb96876365fd987aeeb1992346ae49f93fe2c42809da8447e2f040f9c58d9c7fffc4c61a58a8951bf14d97224dfa114195717e9c3abd25757c43e8ba7da2db9bed54a9b98bc93e52ba7d07d608d6f96076f8186cd5d00dc3d025cb303543293db308c0cd77f976ef3680c513da2a18829bf8874c13f29d1435b829c24d533325c54e7e8cf30837544dd6ade4473d8238aa809dfb1911c4952ea0ce6db3b6c1746520e8c098eeb1cf0b306d5b9a6dc8a666c98a9a6cdb76c7b4d10dd38661e9b6a9a63f3598d655db90921ffd08d3a6a15a869cfed823c2740748e737dd4f435a3b22a032509853a3f503e941fb6c0269ad0ad2baa49b9264aaa6a29ab62aa997425acb7b2681bf11a1f5d895945c3be464c245973a55e589b660a1f2b2459fef21647b3c1f84f735db3971e87e4b9ae24e9a80a554fc07ffe61edbbff3d7f5464f897fb4464f15daca46ea467bcf59d1753258fe98f83b7d0c962d14dcc7d34f89ef33a0c3efbd64f2ffb7603facd4f9975f32cf305bae8348976cabcda7e97645da42cd971ae813bfbc76c247cad6886e9820822d71f2fa9b81433af26a0b2b903aadadb03cb94b7eda41a636b9db89dee0a57a65edb7aba2996f2882f32123a90876ee7aedd1a612d02e93c0b10d534d19270dcd3425c396a4abd8cd5efaec2493f3d1f2a94c78032d1443be4c2cf2118b14035668baad5926ac7d742dbfb093fb11cb407d9e114bb475c2fd0552e147e7ac95a672512f938bda86476d9da6137219a8cf01e5d2ce824daa720591b0f727fbd5af50d22fda7693492e107cb258af2a892c687d528957154421ba7e92c585b2e059054a9268b80a29c4ea4eeb8f2124d150270a5f889a74e23249a4b92c3a6a451ae17d4610ca6582508e98a229baa44a8684d02c9fea29fd4862a84e3b88a2a15ae4bfa634b94f17ae2edcffa665319cff8a7db6b0d82109b562d02f13c33b3a851d460c4d1da769c3b64fae7b18a53e31bd03d3db1c54e433194de714af714e512581769b7cbd4fc3aa6deb9269e99a695912782a579987fbe9b49350ce2614e97e4ed1bbaf7ac65519cc55eda5cf733344f3cdd72aa17438a698c432bc58a6538ad73ca5a89248db438a494b7add91ad1249b3338a4910830b623aa2e8cb485d2687a60bed49257a3ca1a85c01bed601c5b98dd1e1224b7be9b4b5289ae9c47442f12a2714d5fb220d0e28a6c578cf0714559268783e31cd13bd6d8c572e295ee978e2cd7ea16610294ca713039f4e54ae18a6c389e10f270a350b9a1d4ed893042e90c0d9ec7fcdf6f68e0430f9437d1f4e540aa5ee70e2482ed37aa1d73dd74aa1d41f4e1c8965725987174b3b033629caf012a9399c986432e85e6ca5482a0f272673757d41541d4e4c0a717d399c58674fa218f070a27a05587d3831ad3c063d9c382d8ae3c3894927063d9c38b12f727c3831fc747de3df9ea89444f5e1c4e43a0db62d5ebda4a83c9c389242ff27d86f3535d2205268ea344ddbb43d32bdfa7062e2798ee769ce2d9ef46911bad1a3e8f635f24b1f298c4855c58b36384b0f47b371bc08f3b9cd681806e102d358217378fa2a8a6426a54d1819ab6015249ce4c9f2a47bd3b2654d4e7e2c010991b82e310dc709e6f60b0ea97cd114b828c65abaca0def99dec285cc6eeb8a91ff6366b72576df52aaf290b2fb350f548c36ac1c6d981b6db9b54435c1b38a9dc5da7da0ace2cb6ca5698e6a5a862d9b1bdba086b501c0c86b53b624cb5aad24d5901d7da5199ba5b5d1968eb3041765b992368a654ac6cae4bb5b6919f55cc3f6125e5b2b4b15064215535e4bcba5e428b2a2806197e9d231257ded6c3686ad6c9ca5ad9adac6909c956ca94b994a2b5e7e047438a6e13ef0d20a4ab22413511c671f609d8e3bb2f1022736b4dc0b4f2c61e02cf0e93c8281ad89ad933f9125c21f9e5fd3c87df0e774c36a15fc87eb61b199e54b929f9a9927d1587060ed309ccfd734a6ab34db39de5c30a033d8a204000477e2dfe41723f937b96026ff2617ace4dfe4829dfc8b594f7f15fae43c2e3621a58b8a5c7f98fa0eb34c3fe0507ff8f9879fefb0808e48a9cdf2256392e03b565e03b59cd53ebf63b989433405f4bf0ea08a33d1d4b74556861d90c9ae067b51e665c11922e8c414759ebbc2d22ee82049925073facdd9edbd5c323afa6d0f8ca3eb4578f0313f76865a560983d5500f83a5b3743d377e497575c64cc4c201fcefa2fc3b2ef5d60b60049018e7bad9b83e9ab1441cc924b466b6ef2fdf7ff91eb023e681f21009be8dd90367ffc0c9889bb73439b8282092a47e17ec74432c0ae18b44e549f91b51778467c7deb95194557f48262f606b628b76d4c1022a98e44f4fae610d241cc9863ecf9321cc93794e4c729b82e207cf3e9b26986e8b47b02489c8be384bab1ab1224e7a469868f5330e89976e224bfae0fa78f33e6d0826152e96d9bfd28a6c07f6269bb40bdf773c5f2debcd08c3185418acae149385d1b72c72d11def4414da90a210854450145acfa2c8fbb2cd44911655a993c52f3c557c52652029af7287a56b581d17c67b7115595eac0373c4f70aaeab65aeb3ea0f732cab11cee3ade3cf45f3359c2fe5b4cf737f903a357562c93a2d894690734a3649d5ba3ad1fc1f2c65c56aacf11a76accc149f50599518bc158aca062175b24a7abc2c800b6e0d08f66b52fa6eb17cf95a1657c6e59cbcb28b89c0b0d1b91fc4f3a4ad1a49c143ebc32aae10d4a50500eb649223b624943d0d80cd2745f28fbf7f5125ad5626ff741e5185137dc06a28f811131933b792d7592ab359ad3246476ae10773d6d09c575dec6486be2409974525b438c0f21659ca65353f566e739bb2369fad3961aaf01ecf3255af672a488c95cacae605311d80071eb08a59a2868bb3c7628364ef393e96d78858f5909de3bf10eaacb62457f8922f35cb82d01b0982ad7ce6d8ed45a2c0537b04ba5a580dc054004b0770977509601ec71e4d8a9080dc9efda6d2a828c87956188562296764f11f588c2a6775fe07a8e17a8db57cb0b0e557b43798327bc1a8ff2a0494287037eb02b84f9a9d73a65e685dc0b4f3e29facfa0adf5040bdcdca0de6abca1438ad1c73ba48721bab92142d6cc6f3af49cdc24fe4f7c05f78c1f3224b7cfe89e0468a62c0bcec2f0efea30f8311d9d2935b7ff4268d72f1c4d672e8a1fe639d544a634ce4111ebc1a15a83747421c626a05696019cf983ebc7cc280b575f07c47524cc4a1fbf0008a028d7029fcda9f18c400e668edea4c505ac2b4b13458b5acccb1cb975f6aa319f07859259cd079089dfd76924363adc819a94c266d8d546751184d45b10ba0e120041f1ca5e13ef88e97e33888833eb9f439b355a20ed500160a2677365f7841b0ef45261e05772962c5c7046109392919e89c661c682a99ec8db6c2291483ae178e8be7136b1a7d65eeff57fa2df9c82a4aa27b941440e1cbebf3b268e428b176d8c2003a82d697c595815a92445aa4ac9d7274a9ab5d2795a4d8592791988df5c5f5174f6ee42e3dba80c58c23441387071fb73ad70d65739755f9c6bd65b8bceb242e509c5404739c29fb15169f51b6ee1acb65025d2bd025eea2e0f4c2dba3eb3108d06a2a401e0104c60e1ce0c03be0aae913916d45fa264b96847279f072be99079e4df66987b8eddff6f131cdc1fb82253e1d6842aaadf35e2b9f7cec544bf1d4ef5a65ab9435ae0297386a17b4c8a7cfc9d211370fd6077a47a203dcc0b54b048c0d5040bf3fb3931d3c67508cb92ccf25f90f80605fee02af533fc73af55d17f1422ed82a0a06a9cc88e4646361642c72cd7b3bb143522118c1854e9291a5a68ac36bc903ab97c1370a2cfff6f2ed05cb9b07e1daf5f1a4e51320ea1bc55976130295e0d2c12449d7fc3c8a552415fb18993ef9bba87f6de2039d2745ef0752a76ca103bec421f41bab111f5e3761d5ef300a612198d0a1e355e8f30e9da8475ff0e87851fafe2581a398ef03cf5dbdd448a1fdc2138f0b7084c236605407e02ed8b18995edab6215e1c63a94d3db9632a9df80f97fd0f3864df249157a703b231c7056391eb426761e982380662dfec46b547fe58ec233972abfb6c0dbe477a467e3b27dd14c72dd65c5db9e47b4f33665d9c21d57e9ae1342465f3751d4efcb7ce13c265b27c44ac111ce2ae0cef38b39697019a435b88b62482f0b49f4e808242df72987ca62e4b5937d9ec66ed2a8df7ae7c721cf01e17b6ec21f4e2b70e3f95aa21c39f633c5de311bf67bc2d0cc9c81cbdabf21737c303c0e4c67f3b4f31ae99cf3b5c59e66d229f3b2830ddc26693f11375f4da5551e553b4929f5d3ca4f280fbe5f8f4e20df39ce8e6f4112895f9d6dd67cc615c323a57b6eeb701d8e67c1b8eee6f274a247b65a4a7df2034c4dd43f326255279052c54a88bf3e2ff8a94c3e4a33d5f911576de2b85a49291517f2c6210e82c7a3736eb8f8592c98d0678585add8035a076cfb1a662eb6c77b91bb2d06952ff20d122a97f85e25e15082618bc05fc4182696e0c3610b990272975eb07ac476b242aa0948b28af3fcfa9ac68ecb42a87e39f8e4eb130b999ce379259ef181ef0e0cddee9cf091cce7bcbe3cf9e9fb7ffe48e64152f2fcfe3776b01ee32c8e9e21407fb5a5ab477efaf6753e4f4aa3179e4f384737801ac60e996c93e34471efc1612549313e2a01d1265e88a0bf8c5a76358b7dcc6e848eff98bb31fb7b4c38673864d19c26cbfafcd11408f899c2ca0a562012f91341a60359e026ba31613eef1dc98d15cff0e0b5cc39c91d026ddd68be7330622b596ac46eecf108002ecd9ceb298ef84b2f08b08818d09cd667c058e1cef02a5ee43421c5846cd72242c422284780e031a4322a8d9c8f21e56b4ffe0d9a2631a4b27d328694fc825f39c073f05237c9497ac3eeac8aee92b3f872c86a1e73d2bd7e1a75aa6c6b9aac6a926cc9a6a11afd62f01331d413e82a8cea0cbe447024308e73adc42c40794cf837f931d490a411d1cddeb0ca90e571414e81c9794b0aad9e40499393d06be179d098e80ccfa56e72786ed29d55d1dd4de239cfac66783ef9c68578ceb73b263c1fdbe764a41ef82fc39be706bd4dd6b9844d0f0f47db80b9fc424f58cebea13f7228f3af405c11cde73b9c005dc22767573b4c57bcd313ac0bdfdd1b05b28f9c8ee48bba847de77678afa3597f93dbc1315ae45623589f79e53254171bee11d4d6a5a05671a0ea099f5f261f35a90ed38ad900d3a56eaa578627bbb32ababb18d28a69aa86a429aa24d98a6589eff1f7896973d0a5a1dc7a6928b740b4d56269288f09d0a7ad341ef07ed4d45ae7a31f1b7da637aba2b7cbe16c5886a9a395960ddbb07ade6c03345bc35968e0553bfb5c7ee1322ce79b1d93c3917ab8692c4fe77db4669e74f2b5c311ecdb29baa5aba6ae5aa6a2db96d1f7e631e0d9ee0fcf9c6f67f7e1ca886ef04a278fa31a2a634275ea0a64436dbb9ba6b772398e51ddb5bf1b45f5e9ddb893a8ee7903af1a2a63427585adeeb8a9d6d554bfd61ededbc6f4d1a65c2da4fbd9c6ab84c91b0174fb7db54b31fd0a3b796f1bd655fb72b5c8ee6d33ef1464c684ef6337a4fdf6da857e48f70e6f13dde7b6e74e81bbf72dbd13701913b433832abef831f4b291274899568d2d618d6c6bb768ac7da31ba4ab60322640a7bb6de948bbc65f34dbd43b02f4ab857bbc4940b7582fd6be7119a0c7bf5a2c8f7498c5e2293c4f6bc51670ae5f2ad6bdd00f9847b6503c6d9c9bafda7a32cfed3bbc6d44375a253678a71f5c8f6f8d7804edee1118dd90fd8a111f6f11d8ad1688f5af5c04ebc19687e6a5a8d670a05a7676fd51af8ff1501ba0b8dc6e02c113ed5b15ed5f8e5a0d7a31b01a806ae886dd3f6a4db9f763f00607df8d51699e3dea1e539c468a96ca134b997c54eb6d9dd10695670fb75bf577394a6555d73443b13455310d5bee1da4dab067db72c38de59e638faa91322650677bbde559808703358e6e6bb8a37cca5d68d9dbe5809664d9303513d3d02bba2c59bd235a1fce59380a26aa7315fa893eaa82c898b09c39a5473bde2d63db1afabe278f47ae1d4a275bb6a94b92214bb6aa9946ff6036063c1ba94773ed1b9719e7b1e23973042ab6bbe526006be96f9c391569d5dd6de1f9f888a3cedba87de322f33c94af71f1324ec771ea39c3f951336a27fc26dbc6470da70bb9e61d5c8e5953d76c59d66d43d5344d56fa076d8fd1f989496d62762f5eca09a98c138adce67dd4e59e9158b0a56ddabf1c88baa22a966a49804443537b5fab59a7d25374379e0dace5e52864126907429eeb75f1ec843eabfb53c26145ea93a4e8580e8ac5ca0e19122fad7ad0080e25515f04006443f4b9b1988fab2ea4021bb088c585994b9a89b458d3261369b73a4899b96853b127dbb6ec505c26c38e7645e4688d70934e3c89ea172add94947e907a410d30b471bf31fc448d1222555a854271910c431714ebc8a46a5c51aa4623a9e60b8564e9885a154eb9a258f463b15c54b863cc92c9150dc9043378f19506c21419d6bb09b254eb2a13e42055a1c62cdfa38a54a9947b2af3d548943d3852c51211798bd9b69405e9b98a04e954c561b851b4af5b40062ae6708e33ad52f8937e0a1a9c184f3f59eac9f019fecff2f3647a76327ce67a729c35b6497e727285a4ede778769c839bbc52b2f293a36c9aa69a0c91b8bb42acb9a4cce49a79a92b8652cc4b4cae939a99b448be4b5e293ff1d5f7065c1f3adcb5d81d1093de5d6e12ba23a27e47b2870d1acf15fd8e706dbc6326e48e6468b9230579dd91721ee3d4d9f9abd83548d5be34535ed99929a64dce9c99eb66101e3f4e0a398c5361be4a32e9ebfab9c7a9927b28a0377e79974af8a5121fb61ce275457b7c2ad1a946e5f885595925b324d2cbaa8a960427129a6fa9b3c6257aba5c06be62ae7412bb3bbe8a670e274f2cce77008132d6e6cc5d33181a92295b4b4da3c001d358b25b8f741f2f32bf6e2672dcf34cfd8b348bbab8c6d28e2f42377a848b88a6598e9b3f05b0e206bbcd56d4d9a0b244dcdcdd61f9eb7178f29d04aec24e6c9fcc3ca08601877d4fe80343eccca7df40c00960598f7579dc0bc9eb6b9383938fb90ce47fbe4ffadd83839ed7012cc5c292e6633ef94b29bd42fae47c4743e6b59d0974b2430bdfe15c67625ac12211d6850b87690d5bcb48b896f922499fd8ffff93fd9d880c27ba48bc0b66e0c9f10e58564a8413db9665193a3051966d9122cef5516762f684a4eba621eba60d7f2c5db12df1cc1e7c4c3779c696555d964c035b514d454f8ce28caf2a7094dfc5bb3dfe482fcfe64efbefed77518287348dff228af9b8b84de4a6096eefc16ce52b65cc72bb84a53a04c2a47d423269f8922c93a36ce10ce6d7f5d894ce4c28db83e44882195258899ce20d128a30abdc7bcccc3c6ea42cc05c731928f7a29ac443181cf648b028b3b77519f9490878f0cc6a4d48f79a6e80a034f84bb5644b17f773a52cb2f2163040ecc1ce3e2ec41967766c0ec4e0221247eafa80a5957788dca724f53fa073e92c5d8fd79590ee4d53d325cbd224d5d075dd126de4249600116b88c09c13156643b8182f7601bb98cd8788782ebe59eef05e18d2597606344baea7050d2d716547e3d05dcdd2d3e4e44958483cb8fc948faf25ee4553f7b829537c962dad99c1c6cf7f88d929746198991492936221f564da01772be48c2ff90bbd03f64a512e13765f01bb69a44333f81e3dde0ac142f6d747f035b2a8b543715a043545b15c40b15a46b162d830a7da9a65e2377534ad16c5ba598962bb0b8a0d5bd60c453364c5d4803f6303710f06987d4cfec1b1716088e748eae6e21f0675520978756c26fbaa19fd26ecbf61033e8c06bcb2c91f34c5603bd4cb35a8972f46bd5cedb7bc47d45fc3e263ce885ab8cb6333f8d7cc763921ff3ddbfb2ef81fafb9ef2501e784fb776df14536957769f4fb4c073be1ff3ddbfd8e5af0caa67fd8dc186db728f512f09502f0b532f055533664d5d64c53326c49326a819f54932a01dfea027c5335345d8721e886a9a8491e82f1207f00cb9f8be860f2e35f54ad45bc3636bb7fd5442d13f8df93d9ef4705c6e7eff798b679f276debbcd57de97afdf7f0ef109fbefdce4b7d7805736f983a658ba14f5454f4729a35e537449950c09bd1c5533f406b0b77a74750c49d16c5bb56c096321e4b1e1be7f9b9f20238779e7a51ef0cad84cfe35f37d4dd87f4f36bf1f0d185ddc4eaf6587a6e085776df2792ee95ac8bfa1c89d216a604de87fcf46bf9b0ebcb2d9ef37435a5bf7c62ae1bc26c85807bfc2324c55b22dd9924cb316e7bd0619dba6819ba8b6a41aaa6ed857023a8aa51f2b8f2dbda7f0f80152ef4dc0bd3e701b19e814bb6f3a367ed072716d0f90cefb18474bcbd63e865abdb27c433ec6f54c6fc9b7e81a163ce23d95e10b174ec07fb3a67b18f88fe6d8b4ff528ad3c1d13bb6f56f3d247ef09a9e13ecdfafa57f83f1f003d7199ddc9b776ceb9b8601bf41cfbecf9ab713f8dfafc5efa802a389841fa068d3a5a8af89056e1f25d06b30f0eb4409bc9ed17f7f71f0c317109ba0ff8e4cfe3b8b82af30f85310fc5b7573ae63eedf7608fc19733f45c0bf55e05fd3d8bfb9f8f721cb65b785bc51fc639e75788e42c354dbd625d3d235d3b224f07dea5540a98e0debe6f06896a52abaa258b20dbf8f2df4a077e3df311278c461918317729ff4e0f5f560a0b9a01f6d18dbee7efbc0e069737f84fecf156c7fc380e0b7b3b7df1dfad3d6fe88a07f3573df4d01da1b7c4714764dea0c63694e90b40f60feed10be9c32ede986a628b0fb51aff467f269ff15b537bfbe9cc0a318427cbc73691baa251ba6a19b866999f5093c14b512cfdd428825c3b25519d4c950b52bc139570d380f67bbbd25672db58e7cbf78ffbd352a8f77da0530b318f77a875bedcde17e5300b515cb966d5902736faae6eb42b49bc5cd50da32c6fde27df28ee673f8622defd53b50255dc7ee2dd95254e3fdd9d39263f06ae1ecdd2d7009db53e0fa9bf080af6e8f8701fad52cf8a055b05a7a1b6fea64e7e60df87562d4bbdbef12b2a768f4c97c8f371abd77eb7d3ef47632e09301bf5e16f6216df8946e7d32e3a34ab6ded192a7c7eda9252f45d4d6ef4b4ff1260cefa662a8b66e1ab62d99b2acbd7bbbde31b4f6e28093ee56bd84f5d351e4536cc998634b5eddc8f783fc5774d69b44d14eaefaedb9eaaf153f3e84a33e458a4f6efae822c5fb3aee6c9216ba60c06f3425ba61c9aaa2a115b7544995f5f76ec15f2b21fa00a79d53e6f3863ef8ab7cb1f3b52df86be53defdd809f0d679d02566ece077fbd50ee216df814b43d79e1230adaf603f6ad041f96016b028b44fae4aec0b286f0fbf2b07ea0f167f84dac209f1d000c71183ae3ad1b112f48869c57869f02b809487f762212bbd82ea8103e3fdf392bb843efc9972d258ccdf83508f94e0225d84565587ff9fe97bffdf8051c8a13b84ea59e015b2a003b7b20c176762587e6dc450ee7e2850cd0d9f5769096ba833887d6f318cebd9de0174c4bd27701c2b6bed845c7f85dd3bd17bce0e816b11382e4ef8b4f9e0f7f958a4044fb5e86210e1171f881fc0a37801d71f8b2d87b8e2f14826373e37e63cce6ba31fb279713e08782395c53af0c26a623bfa68c0f36d8fd0f5bba7a248cb79fc8f3d641bcd28812d63871d0aa32146f11a201d906de3a41df13e80f6a2c6ad36a47bff3a08fb9fc1ddbd4cca9506998ff4031884693ed939846806f061e9c154e6c3a26ec6dd7423efef1b21630b8e2a206c4b15e97368a93626513560b5eca9d5ac8afae5a51515d88b363139d057adc445b891eb7d041a427ea15b56ba32aa74bb716bab3b3224df0650d746166e5975c2b9b30cfa2bb95425457136fd74445a2866e63e8de425526b856ac136368f70eebf5cc5c84f3570443ca263137fe44349b1c7c989a49ce376033d2921268e089fa77844d5e218d70928ac86a1b44d48745017dc6469e1ccfad9bba94265317272b840913999e9186e3669eed1d4c9e61c41639ec5ae0afc11f097c5898a06320bed2cad74df709effee93cc2544bc4c0c8b31b6ff1230edac19749b4072f297b1c2846dfd3cb862446e2fac014e4fa67debbb38fd12b40ef817fa3761b3c939de3bf100a6e419e9d7c6575df5a34bef06263f41e38ef77ce0b0ac603d7ac07b1a8a7c4521ee5dfb9149e2930332a4085acdd350e94a0a3439c4d4c43e61bdd111a8107e6c4f4137b1598ed30771c9f65eed096c25a1244b604b0578cd30fc8e610c2ab6122bb59ce730366ed3dba80c18074622a9cd9d96aebf82b9a2d0fc1a3044f8bb9b16273000125d48b31d003e72ec675161bc16ceb3cb1d524fb5074bd79a92c7e9131f7d82b9f31854981dda8cbdc82aeeec18ae60ab34c8bd6ebdf3bd7194c485dfa3af5dab9aef8d4d5a5b7336f567598b7d56dbaab7dafa633a56367d5ef5574969fc65af455fbdab9ae98b3d0a5b3d32fe6bbc399ae49eb279f3b6eacb522357ded4c570dd5a8e15b673a6aae44cd5face8aead0a357ded7c578d14a8e96bc75db5559f866f9de9a8b1f2347e2fd71973ca0b0fd9958d1f3f77bab1d34a70b6ed56ba537ea7ac05cd7a6aa03be5572a54a0595fcd742779eba4129cefac8dee54bca374ebaa5677c43b27b5e06c4f6d74a7fccab10e34ebaa4a773e086f7d76f04374e99da5976c3efec17cd0d596ee1c742d9f58c373780a244fa3e8bb90ee8330fe8e2dfae039bea72ba51f166c4100976c9d5da3310e222a6c42e676b385679f38f58220dc2fc7bbacc5dc6c9ab8d28e7760f7733469b656f2f8bbf4926597a9ec4497a4cb3bc99d869ce8c438dd09eea8a67bb5b8e6f80d8f11ca9db9fefe704487ac58e43f0f92b436896d90fdb73b12c5218d57609f7ef9dbffbe23492c72612df2e8eef76c1bbf527a7ef92ce2c41983561adfc18f6284dc1c1751feeae534bd4d7b304a3d6c1cd7a3eb39df283fd33ac83cc4a59e13c674e3ac62d6d183fb0482fcf8753ee777bffeb9fa48b0dc292e5de7e2c841bc7ab6efe28600ebda891ef1a4886d87e000d82373b14c5724e9c45054a9341458ab85f38d1bc7c0b1bc3c3d7745172b186794ac2b97f425f0d7c919c32cb9c7d7c930ca055b1987e90371102c36f4193e6b56622d709b61b171b317f9a5a2d6d3dd3e7ec91696e24823fd2cce2293e3e4f4082751fda4ce659a04ea1331920b5ca56044f8599c9d44c1215ce55b664342de309e96047385c1e98d06c76dc7d083d33b720ef71bf2708ac5102aad4356701c0f82f40cee62a49ff10c8d1f1791257d707dbc996c97b0a6d9c199133b516a95e132db12993d3b213e7e5abfcaa59fc5503e6ac6e5b59fd3c1313b5c1edad20347829685d8e3116ec69bf450f1dc18526185307f671a7a60e4256680faeb7de0faf9a352415d42e67de0fbdffe97430d1de3d024533567c9c6906868c6f7def865ae65c9ae1cf3ad8410a2eff899736e4b8c854ccc9e83f031828768f2da2c3130cf94ee538b95e19a6d4525684fa301586c815af8a3dd951e5ae4bed962aa96a1d80008d39615fde8c9dc39bfb827026c8e2fe55ad57443576c0d23e52cd9d2f5e273c76da6bb9db9336de04818f80f0b787681c7cd99090092ee0b0466eafb2ed9918e63620867c8c48f223f4cb048b93ff2c49e3c7b267614d931999312438ada2329137b0aec295997893d05f64cec28b2a367eb92f553c58113637d6516d471406231b3ef8b66f30689568bf386a4dd200b6e11ec6ac961506f9005b7a8ef37a8df6cb3ebb64d9c768b482ff9fc3768e16e50eafa2d4ee6fa2dd25c54efba0db277c801a3e8c1dd22076e51d98d5ba4f9165d75f3e6f5db546eddc6df24ee6f9168eb0649be79edb6da9d79bf470edca2aedb3748f22d7aeaf6cdabb7ddef223d97c4a58a05c7ec3943b3749a66a99a48e95ed754cd9474f8cb902d39dd54cdd39cf55447e487e41b1c694cefe9604853d6144b4fff56cf3041d55545d31459555543b64df9244f403a8662eaa6a11b86299b966db780852e19ba6598aa84c9d624d36c078b3a161986514c767e1615ade20d3459b3545b9300d69880513d66658e3fb6a5e37fb269689a6c58d7e3cf5503104e8cf552cb71210b869d2fc64973cb18c877c8825b247960d7689c44b78c577c8f2c681993f80e59708b24dfa2b6df24cd03ef6c8c92e8eb46138e9305b708f6eb46138e9305b7a8ef37a8dfd78d261c270b6e11e9578d261c250b6e50ea4347138e93e85ba4f99ad184a3e4c055a309c7c9815b54f681a309c749f32dbaea578d261c2707ae196f344e0edc22ee6f91e861a309c749f2cd6bf755a309c7c9815bd4f561a309c749f22d7aea578d261c2707de5734a166ab9aac2a862dc9966c2b8a594174d655f370c22423e8a970c2f392d76c43b564c33474d3302dd3e849f2279a6d28f9a64ce806f671923c74c4f42889be459aaf1af5374a16dc22c9b7a8ded78dfa1b270bae1af5374a16dc22c9b7a8ed3749f3d0df671c23d157ce21384a16dc22d8af9c4370942cb8457dbf41fdbe720ec151b2e016917edd1c826364c10d4a7df01c82a324fa1669be6a0ec13172e0ba390447c9815b54f6a173088e92e65b74d5af9b4370941cb86a96b15172e016717f8b440f9c43709424dfbc765f3787e02839708bba3e700ec151927c8b9efa7573088e9203ef2bea4f975443b65445d514559115b582e6aca726417fa2c272ec840f342d06bd72763474f0515e98794d9f5c5e95395fa55a947fb6f5c58e3d0a7d60c3a2bde8119fe735b4e76b1ac33fc8427633196d45496716d88849050d5db20c533314de8b23b21ce27ddb024cc8a66601036493df4fc2169145bac9ca532baa69ab922a46f4ecb84f14f9c3cb5f6355fb45e4b9bcd0391bc4062b86270fa00c831dc8d07fc056d9953874590b0991d8065644ff9470e18e3831d90551cc9831fbf0c787ff0f3f356a5a');
INSERT INTO public.reports VALUES ('eb1d99be686149f2821034d6b9706b87', '6652c222ed1e2f47', 3, 'acme', 'line-1', 1, 'model.onnx@ae6542500737', '9b5c4d2b3200e271d0bb0a21227651eba705daff692fab9374f60ac183b1e0c8', '{"project":"acme/line-1","approved_by":null,"extends":null,"classes":{"package":{"critical":true,"min_recall":0.5,"min_precision":0.5,"threshold":null,"includes":[],"excludes":[],"min_visible_area":null,"truncated":null}},"requirements":[],"conditions":{},"file_name_pattern":null,"seasons":{},"camera":null,"data":null,"agreement":null,"golden_set":null,"challenge_set":null,"deployment_target":null,"output":null,"monitoring":{"required":false,"in_place":null,"signals":[],"review":null,"retrain":null},"fallback":null,"rollout":null,"rollback_owner":null,"assumptions":{}}', '[]', 1767225720, 'blocked', 'evidence', 79, 'Too few test images of `person` and 2 other classes.', 'collect_data', 'Label about 17 more test images of `person` (0.5 h assumed). All 6 that are not proven: about 17 more test images, mixed as now (an estimate).', '\x789ced5deb8fdb4692ffeebfa22120b804274df87e8cbf9c2f8fbd00d94d90336e3fec061a8a6c8db823915a92b23c1bf87fbfaa7ef0254aa22452d69ab2311e8ba4baabeb57555d5d5decfae30d197951146f229fae6894a5a347f2b7dfc778354d37ab7516c6115efbe3135e9b2d63ff8506d3d92b5c1ad10f6140e17b23bce57bcb709678f83c36f186903fe0071b4fb734c126cc31bbb0089f17f0497d50f8e7a537a34b6c6eedf92fde336b0d2fc75bb8a83cb8f9479ab00b8669999a6bc03fbaa33aa6687545bd689afa7142f9b7e08f65598a6bd836fc4f349240d75941c966bd666d0229f019077806cdcb25cd8e916c2a96e958b6aeb840b162dbfb483635cb3575cbb535c5b0ce25d93846323c06181de3b26b017b2ddb326dcb766c6b2f9735189aeac223ae5de3b2d148f21bf23b179775b649e874bdf4aaf2b2f03ed062bc7b8463c529d0dce2e3345cc17d64802af89bd07f6ec2844935b6905010d12589e744b435265e4696d44b338448b49c86d9460a71b4592ec5d5f532648d643495686f227e299efd83faa037553cf60ea3242f978e029baa0cc2e96710c621099283d0cf1b046baa874148315b50ff6519a65945c666d0ff2645b2477f896771f04a165e4abcf53a893fd080640b4ad235f51f44fb7e1cb0d16003f0f17f7ffde13b5b51b11bd609b2268c586bef48e4ada0053eac6a8bdb24cc321ab19645c3f126f3e315fbe6dc0b9735ee97a87c2f2822414c5312c5194156026fc8131783a783b40ae1961fadea47bb6924df2dc1fe435f5e1410063cdc7826cf1bb0f8f808dc48f2215d3e9ad47b25db05080132ca07162680c736041949293d3834a33a16a7fad16d1ada2f800e08160cc78fa3206433dc58f4cac69bd07942d30509bcaca381a254e048490073a64f4986ff5b2fe357f8df9ee1bd7ff7db9f7e786f36a3830d8ba690e0304b712c699678214ce13d62b3022297c020b0dd517a081855d9473790b2de64482f90eb67244c7ba07501aa47236879011a57100e7d6da214e69d3da4fffadb2fdf5b8ade44fa8f400a7c91359412b48cc4237350be19cc265d514ea103a4961b50828d917912af18cadb454cbce784d2e020e31b0dd3f75ee69134de243e4559075901fb21843d13a6a473a959c45bb0f168f3d0c3ccbc2c4e523e828303301a2d6bad05d13005cf15fc9c1d729184651c83af0a53cb7ebaff827a38874903b80e52b3f5129419b03d73708841afb8ec08ead14ebc4590e05a82375e19cb98bbc3be54e97467880daac00c2b57d7143bdc1dc71aacf041f2fd78fd4ae284f53b0117fc0539039289d323172392668073ca0683f6010cdfdbb2b5cb4210b22d4a1ed20f1daf819e5d11ab910f5dc3848d6e1499d16c4b859ab1e9393d751c4c391fe228fac8f8c8c80426a24cfa2bfa6d008b8e8970dad26f756ef252f28f4df05c7a0a299ba8dfaa7b64ebcfbf7cffc3cf46f38cc0b4035be55602f1f8003338004e1b300923d01f7fb94943f08ef68ee947264106a261c02ccd1c8227f2b5a9fc7da329aaae2a0af9ea9bb72402754e89031f1ec8bb19f4029e1441278a086f866ce3cd12508219f8f0c8b446b5f17dba06fc61a2f041b569127aa096d0de1c6486c2205f898f33fdb9a3cc15df4b5f52d62808d102e7d610b5feb598625be8c32b270dbec9290b28d006b258347281a20baa52a414a566cee4f5193a449f8ceeea6bd92435f2f67de5fb8cf6063e5e48a0bf40ff2e42353e4263e3acf5bedec4c56412ea25cb100c20d715d4576933c063cb162d0c4742c182a7299b739e41d553ee5b541abe84423ecf91204cd95491a289c0b9c88b84450426af13ca687ecbb90c5de25359e1579d6cd07f851693d8c781711c993d043b5bb6bcdc76457330b72270728a9dccb50d8064eee40c4de051ca7e063f36f25fc7405182d325b85f63584080957965f4f871cae5a2ca82b321d8ef0d84ccdd4b6290c7001d413e01792fa042e8461df4ca34e9daf38f6693b8ff062d63b361cafd4bde111b23803fa3a5be3a1e1d3a675b2f83f526ccb4fb1495536e354e414938cfc46a8ba1c5dd31d662306637e6305594d662c2791382d56638724dcc97769515b1b7868f7f702a17218b02e66bee7258c87214ddb04cf9638807708dae8bffcb780face455c5314d5b730ccd751d4bdcffe02d373c7c64bb9a65ebf98f8df73f8d053da6d28e22d7350f1021c35f45b73c0c55f4639be5289927283794f21f55a0093368e87b1803c9920de517e7eae8783013ac8d1fa63c96511d93b933a0c6f8261f9d79e2e8789ce5ba7da2e3590480f4d245199ec9a362608e60990d7687d3e0ea96695996a938966d585aed99690c8e7688148dfc450ccb1734564042283d34a609e54eaa1adc56c26ddbb015cd953fd66109b77443351df9a3ef8838aa805bfab92111d7ce11ea52f4f214996e0c80f72cd31df679814cbb8ee15aaa6d38aaa6cb68e8f9326d9d27d396e598aeade73f4764dad45d4b913fe68e4cdb96ee586afee3de904c9f21d2e558f67e91367606d0b841c247637423d2bdf6d946a48d26913615d356145bb735dd767545bf54a48db267124773b1a528fc03309a683661b0baadcb473625883892b98f559f772b06ab0c35ba80cf090bbabc11ced868e56549f85136c57d3621a54af517fecb1db8bf95af9bad9e12bf8c564f55da2a280dd3f5d2f3692089e58f897ff3c7604542c19bdcffd41b260e235c002c5f0b71f89b400356e1c8cbb2a3582cc501e1198b7d45348f1fe42d1cd9db85f53dbb1c78c90b65cbbf309102b20c576c3b07444df8b4b9ac283b4e6e254a714c891b0c51e9529477506851e9b65423bc745c77bbedaa6af55b42a0b583601506c192b645c0b80c815d93a6db2ace21866d2b96ab285731a39df47916266a3b4c78032728867a192cea0e8b340b166ca66b80e53514d328aff3d46e60e9a9cf03b0a40b2f595f800adfa066adb4c545bf0c17fd141e9dea43edc1a5a73e7bc4e5340b7657952b40c2be7fb75fdd82e227f13628427da762c212c2ee16eb0690c0a4bbbb4adc00102b1a849bd51d8b6eb060290567ae42d816bf7a5f7f74b2fe6846a2a54e3024b4bb4e74a2134b5cc735d8a7b65ae1bd1e0742bb0c086d872986662aba6229289af54d3ead1b24faeaf40c285aaa45c492daefee531750a4e1bf681d06bd1d0ce90a87701406f33218bea04dd97e6068eb38dd03b65d727de925c5c53bd33b89921f7ea1abdd3e857347e00204767da126040e06f97600e87c1ad65dd7546cc7346cc751c053b9ca3cdc4da76781b2eb153581726c9f620797ce7dd503ae4a6fae6a277d1e9a21da075f9b4039be4d7187e533c0729a01bbafaefb47e4c826c55d4bfa8dc83641d2b8477107e2fa40346d51dc8dd4f571d8b3d0beab449f3b148d2bc0e60d8a1d203adfa0381418ed2fd1b4934e4f86a29d4eecd9a1b89ba77e77289ae322bb1b14f7c578df1b144d4834ef4fdce789fe02e38d4b8ac6ed891d143adf9ef8b77dbfa61714da3a4df7306d874c6fde9cb8f3bcd3cd89cad16df7cd89cfb039d188c07d73e2f36e4e348272f2e6c47dbdd069ccb51194fbe6c4e7de9ce8c080dd15a57f444edd9cb863d2652cb61192fbe6c4f537279a2791fbe6c44d2844db75f61d8aee36279a57802d3727ee2b8f2e3727f64371df9cb8f2e6c49eb8488bcd89fbdb13dd6e4e342271df9cb8f2e644f392a2dde644f73bd8ffae2725f582c27d73a2dfcd89e615c37d73e218cff323b8f8a14fd3244c5f44b74da79f86f3d06747a2cb539ad979b4395c6392c6e2b4573c87f4258ab7d19e0a0f2b2a4fb0dd5112713c152f95e0cd9648c1dc5ba678a4db8826499c4cf1e82a64083fb28ae2d064d11046ba1ffbb1e41e3f2f4f79b01d573554f9e388f22be2ec3a690e76cf985b4fb91895cb91c045416bed2a37b6077a4ba62abb6d6a56f98f5ddc56b8906a4d4791b2fb471e68a03669a43629515b6f4daa23785399370dc267ca6aa98c7cc3f074dbb15cd59ebb16b59c3908891ad8aaa3388eef2bbaa57aa66f58f3993337669e3703b764e62b73cdb115cbb779442baf20556ad89dc1d7026da6032154b3d54099cd144f53350d8cb94a679ead9881379f5bae36f766ae6e1b734bf17cd5d1672a557c5e0004f436a3c93a5e4a5918a98a4a44d999758c4532c664be8cbdcc324a5ff8c0ce0c1cc5119da44058405c937c4566784a1c3c1fd0347c8e2674ce0a06fc355c628997d9ab3c6e9a9924d158bc61ed30c332096806bfe4e9e57873ca049d892d2220dfe182dff23f96fc2d2fd8f2b7bce0c8dff2822b7fe3c1a7bf0b7df25ea6f384d269c3717f78dc9d8f678e23a9dffdf2dd2f632c5b234ec8664726e339c16356e302cf1b66659fc6ec78e2044f27a7ffdc802a8e44531fa745052a904c76355e8b422b53ce10314e3c966e89d683fbf28a22d49c7ef456eb65e9003afa110c4d468369b289b04a4121b5ac1c052b1f95c4336f162ec3ec957b5f8aad2a0e9eb50a1263816af187c1644c3dd087555a6e23a4cb600a8c812167a56ee761843111098f9c880266ffbe7ff7fe1dc892980bea2413fc369e2038fa1927247e907f7ef6b7a8ea214f7617ec0d13acd4108973c865411a510c849bd05598a64549063981019ba56d5a510fab9ae0417fa6bc863567909239dd4e24091339d789896e5e310460a3d954c1745d3c827542c4818ca327f15ee2132b9764160313adbe4592d8b9d51e99d1e730c29b0f794330b1709846bf4afea51bf64d367157de793c5c97eadf060cab573058e1278685d53516a50c8f2f040aa34f2844750f84c2e8188ab23fdb0e8abcd2c9312c7ee3a7c7f353ff819da2e6c918ebc9b0e22a8cf7e22ab2bc5a9c6587ef0d5cd7eb5c67c51d2658352399640b2f9a88e68f70be76cc7d99fbbd148f39064bd1690d1a319c7dd8c8da71c7a0f91fac2f85dce7f8f3da4f7c82655556f056228a1d24d42b6ad6f14a01e85703b04fb200dd74f6fa5487abe07209afe2a2040c1b9d800f3f916d1d410a1e0a367ed600549b527bc7f85e1a508df16b1a032bf7b2fde79fdeebb258dc01beffd97b413595328f054df0239e5fcc573bacc0519d957a93c1d911fd289eb08626bc86e159a6e6bd3c67599420cb62ac6a519cb4ac9769e576b52d6bcb87344ba60a8ff12053cde34c05c4588daac2f60b930f5e77cc4a5589322cbc2828c1a2a0585523654543565847887afe8294ca48f2c2497520cc5640b0d5ce04bbbd080adc9d4761d62b2b0030f7b05c0017d95408b49d2da9ac3d02b86da3b6683494b73c0846512ef0181a7fc53a50e4892faa9195d30c178a192c9279dd97478225aa340bd603ae395da5f2f3a72781574d674f3428a006bcc3b30dc94965158f317a870f35aef38bfbd85e294d7394e98541ff0fb081418055900848d0139a723c917cca46df199f65b313ced40b0d37c67258755356eb86572543735994572cd7f0a9f05ddbe57b75c8a7187359a4b1a5a0cb1a8d20df71345dc6db6971cc7c21ea706b13b13095389bbe7ba9af178b3c5feecfaf77790c951a8d128f64b3dc6b796439a6967008af05d0c072a5197d7e7dc47cc020de8e492e1359123e3f83a240231c85dfbb834110306195a78f58fedc36b44683d5192b7ce672b1ab5334031eafab849778cf89b75edc7168ad152523556072aa913a1b0aab2d14ab181a8e1358de201ae173e42d4b1c07386076a3dbc25689aa5f3d5828f0a9d87cb18ce37527982c2978a9292bf526062687930f03d7fd0507da22537ce354702a75a3db4cd9ab2a7bc724dd802f8ad376119600e0e41639fa51deeb230be212b6f3cd36243f7d3a770506c0141df531791c2aba7d0c871dca240ea51b8770386eafde05411117221520d8f26c0ec29ab0e81196c1c67d26586a3cc91a4062c3e85cdeb34ed9f2378c26e5caed1df07f5f09f7632c6f8ccec9a27e775e1fe1350fd5b5e67553f8ad0daf5b1bff10b797039a3eb1c8cd13fd283fb20abdb8ea95ec15a81cb4f5add6bf05a3a123687d560deae8353ee725274fb32a7ebc61b5e8b1fc2a38daf9e6c13817f8f1c97048ce9f65f25b2f8d576134fd10a6e16c49a75e423d014d966c22dcb50a5a623316e53c31e8317b6533c9597081fdcf2198a027de2d58dc635d840116328671f93057f32510baafbc3d1adc02804e5b00f9640613312cb0e3e50635ff91a8aea67cc4cd41c4e579595afb2d6994169f5628b7ddfb569ca60918ad795885b04387579475478f97d71f5e873e46d49a83804df894535f4f84e7f8864311050930b83743aa43d0a2886e654410b749820d2d39592930967b585bb6498f5bc69a3551d589a27e0211ec6a3942e7185a9d04a0e1e7c66677c252804b3e483e6c2c340f4314bd159b57c780115c380b195569ab38e0a7afd99a70167fa4c0f28faf1f5fc760c9e3240823dc247f0489fa48d18b9f27304a583282134e039e5ac00a4c8bf074a14f511f11444ee8841579f6fca311dc33d5a908a4c05a659344add58893771e58c737876404178409178c2cf85c5930025b70849515237780ba4702a998ace365e8bf1e41e1f4b509eef42285c23660521ec85dbc62132bdb12c3faeead75a8a4b72762723cc0fb7fd0f39c4df27cca644e728a04b35790f9084041bc67bea404b3963d3ee33e68f4c41d852d47955f9ba62c208fe399876cbbab40ee7cac78db93f468ecbdb585e32d623dfab62014e33b0f8ae371dff79cc764e12558f73dc559651547fc62090d8e81bf405f26627e4d0986fcb240a2434740b6dc250e79a3a7405119e379681c0fa3f09dec6d4c784c5ff8c38c8d403c4b8d90ca51623f53ec15b3617f488616e60c5cd6ee0d991781e1f1603a9be49d1f41e790af2df64c64a7cccb8ee7709be4fda4dc7cb545ab4ed5694869c7a795bf201ee558d04e884bfad54530f82dae185e285d735b87713e4ce3c1b81ec7d34b5fd86a29f7c9373035d168c78835258f280d2b21fef549c54f65f868ed54e7075cb5894c232d1fa9b850360e591cbfeca428c1c5b762c1843e2b2c6c458c39882ba9ce17b9db822886a6c8ca068468351fd1f3f3b7d57083c1cfa6a5017b6c0d835c15e9c4b365ecbf6003453dec5ab690242ea09917b22cd81f31ed9518c81b235fe791af4d05c1577554dcafbe79cbf7e189031f1ec8bb190a80a6f33d7e91a524a3f0a02a0fe4378c87626a4abd5d99dc7242fbf22ba5f6a58ccf41e4182f950793e03222ddacf220c7b3c7ea532b0faa594d1695af9585f36c2ab2c10bad67578b44f8e246e2452fa51ba39f32c2d9cd15008db30c1294f317405cb614d669b09eb15df21541a1072104af33cc0873a1c7a4423d86e3e09b85b753daa6e089cdc051ce4ee83923fca80d4c1426f92b0bfb1e114d6661c672ec45969ec7d8adda225dafa41cd08c44ae26bc8d490ad71256130933f3f00408937a5498dc16c25a6fb710d6d6ed7720ac9aae39baa3b8966e19badaadac3e32a2bb1242c6a6c342d8f0c85942c811b94d2114c9d25f1b56939498e74ba1683817c3f61d5c2c868a6a3abaa180d954558325db772d88aedea120324e55c4ccdc91c48667ce13450ecb69b2c83743a75b2f89d83b0735712c38960ba47c01aaeee1e559a58540b6c9b86c857b0dd18b70c6a1a66f5ba3b99bf199a3d26392ac404fbc21d71f72f5b4bd02bb9392dc6e1dc47d497639949d2725b600f0d034d00ebdea4b0f0576e7bd2843ce7aa5835cf2f6412137c615a5c6682533b96196be42652fb6669a7b79a1a4850cc1c28cc94f114039d9745732d3cbfa7f76a67781aa754554ad56a896b3cc730c4fcbbabf222ce62e2c17657ddf3232a58cf30298de33f75b4db44cb1cf03b2f6325401642faf0ddd32be3baf2ce52877f41ed8b57ca66a325383c7b43fc38ab4cf0cbaba4b1546d0e1ea04a7eaf0bcd86d2ad7b5b0ad26311fc2f658b235e938cfb941745ae419f747c5e999b5a4a774e3439c3929098c749312b7879e6ef29c48ff396207f9b937c187f49ffb441ad6a42d325cc815d27e0ef16c378b837ca67497bd54b64d74207da47e34c05adad627d7cc6c6820a5bab34daeb3b94f4ed8be259f6987fbf61d1431e98d4b93d098880cd0b13065a0f15cd1c7846be39899903129a4654c2a788d497d273cf7797e1421bd5ced6b33e5e77054b5ddf0d075f7a06f5f4e2abbe039989f251de1ba7eaeded2cf3de915cfdbc7bbf692693d08dcd30bbbd785767777f0acb7a86f1fccc6f7b86b905ef6defb75e30a4d91d8b3de9cbb7de876dedddb85adf3771f6b608afca605f5028ca53176c73199c3c4b627df8499718dc44052229d09d6f8280c58e0cd32355fd3341aa8549b1b6c636df442d7d9b4f0d647f2a837e6aa4df3ec2a710d93c55e0f1d80c9f514a360112678113c9c2e18b3a860f42af6e9ea475ab2ea11e2a4bb887e04aca5f4b21e0e6c4b55f2d74ec8cc215f5704e19b07f20e24d4e2dbeab8e04251665b9fb036d8db22786fc01e9c39e1f92df9da8b883c32ef9b0739a0353457d634ccf566597998b0d64b2619e74c1f693fbce5be737f84e073f67b1c5c7e606942317e30f5988ab235af826bdef78af2a8688f8af29ff81f454a06aa613a92079c8af34fb131e5413374d7711ccbc4733c55579ceb1c46a8c8e2e533d3b42dd5b45df8e3989aeb8867d6b01609e533aeaa9baa625bd88a6e6ba6b4c123befa442abfcd566bfc515eb7f6caf8d7e2db540a066ebb875805679a669c2e6e82b91dc49320c14696737247a59d825ac6a3b09f15735ee8652fc937a3c6cd84626ec7e8d9941f080af7b5079141f89cc49b75e974e24a0dcdf229d526182bd7807f744775c4e19fe50cd8222b1608c41edce263719ca7cc593a766e71f5a84c573754cb745d1584c4743591c75362bf942a4c3d86d92aadcca470319bae6276b1984b517c79b06b54ca9c2a1fcf5c3ee5b1fc1ea42c19baa25912faa33c8d473e09abc7e790db4761f345530f1889ab3ecbe229cc9ee36771903234eb2d4b28d4cfd213578b43c16bbec661e9bb5292d65d103f832016077eb792c59dc74f1247798aee65e2d8dbbcd85a045579ba7a5b116c2c277c2d11b45ddbb2554b7515ddd24dcbbd920816e738ec1e4b7f9a29c4966ed612f690347d97c2eb4b612b3b980be2ed98c11e161e2708a07950008d9d99b8a970c94101d4bb1440cd816958551ce85ab7f5eb0860297de14233c85a3ad90c1abd9ac15e5f74ba4be1f5a5b08d192c04f144335893c58366508410303de375ca4ed12b2f97cbaf0c9233dee83ae3fd9b13df93c0affc9e8b000b178dbe5b50ffa5d83be581369674f6482cb2890086722e612ad262791885bdc35144f964b2acc7b7c9783ea9d41c79ec3832b994c9a7d55ed468e4621fc9c62726c1f69b9a792a32519c6121111e59e4bc5f616208254b50c40e60d1f7c152a7f2278e027bb332ad880a09c280453cd164106f8e554c30db714c680a66c1cbe86391c0c242bbf02cdf78a3607501b2f2be4c89ce2826f34dc2c2d1f26a493b53f6b6755e656424a37c0b11f31386144c36d6506af3fe128ffc614ef828afe4d26075f945c6dce296b4923cee980b76ab2e4b96efd883875f056c6e6def73875f6e6d6cace9b937b228ce264a50ee45392934c32c5299fa0bbaf290ff1f5843933c74f92d8f527ecb36f247ac0cce085fdacd3f4d99dac035d764d76896edd48f29b906450e7f39193e3f9cdc678e67ce602970a266d7a83428c3356a7a714e2fa5c3049b3a3115e5f24eca19aacd9d58fb3bf1d2d2e6286a264fc2ae751646c5893b7917aae690bf6f1425b0896b91f5c7314933982ffdc598fcf6a7ff1e13e9825534f625847936d8879eb4752c073a2c36f4ea6f741935fa36e0a7a0cc4dc4fed2fef1b6edc1aaf58035916830416da9bf6f58699df0dd1ae225199d7b3e4fe77e067f2c225f3f4d26fceed337cd2e66bd5334f013e18689af1eecbb3a6db2aebdf405f79798d38004b047266232d314650f29ba5223052bd74de66186fb09653c97a14ff33a71623bef15a6e491289237aad490432aa7fccdfcfc812c8ea773ba45ffcc91e60227e3e93c2c159f6397aa5a4f57ebecb530bfc267ae172f2c0a100ab756aabe5c16e7ab747082e405ae524051c98d14f98045cbbcbcc1a3a89f5203e60ac499ad88e3b6a36fe2cc333987b372599c324142a375b8ac4456c6491f555f5dca77ce447ac37efdea730f2c278ed9e13a6972536f2f69ad8abfe4e3df39afad89053920984e5268619edfc0549d4601abf757767ef8081ecbafc4fc97472d13ab282bb0e21c491749264a702f945fe69a24fdd3da6b42fc91c23964a7348cb671f292c243547e4dee8ec2e28eae73ab54c82e73caa44497ca8d821fa357fec85ab6f943d35299745b772ccd05d06d57d5cc9d2777ebdfe6b546eb97a647768af2e776dbccfdfe51719e0f702489a3e7293c8b552c955261425d7fa80cb050d12f921d391d77867086dcf951e5876d361477bdb347b0e7ce8e2a3beee6a4c690aaf628da9d3d15f6d4accb9d3d15f6dcd9516547c7d6a5e8a789037b68fdcc2c38c60185edcc7c5963b6073868bd3a6f28c60059304461d76b0e833e40160c51df07a8df2cd8356c13670c51d26b3eff002ddc0051378738999b431c7355bd8f05c8be400e58550f6e881c18a2b25b431cf3105d757bf0fa6d6b43b7f18394fb210eda19e09007afddce697bde5f220786a8ebee00873c444fdd1dbc7abbdd2ed24bafbe35b160973d07c6acec1fb3d23c48e5c13474c3564cf8c7521d350faa96c75cf4746c906fe46b1a79deeefe64485b3534c7ccffd50f30413775cd303455d7754b756d752f4f001d4bb34ddb322dcb566dc7754f108bc6b7c73b4b8eb42cebc12aff39281527e51b18aae1e8aea18058eb20d5fa2e2b4bfc711d13ffaab66518aae55c8f3f574d40d843eba596e34216f43b5fdce6984fcc81fc025930c421f7ec1adde6a04fcc57fc125970624ee217c882210e7988da3ec831f71cd9b8c9415f379bf03659304461bf6e36e16db26088fa3e40fdbe6e36e16db26088927ed56cc29b64c10051ef3b9bf036073dc4315f339bf0263970d56cc2dbe4c01095bde76cc2db1cf3105df5ab6613de2607ae996f749b1c18a2dc0f71d0fd6613dee69007afdd57cd26bc4d0e0c51d7fbcd26bccd210fd153bf6a36e16d72e0cbca2634b01c94ae59aea23aaaab6976c3a08baedaa713ca533ff7a5131e46beb120c2e5c8ef69b625f26d99709eb0dfe690fbce98bec9410f71cc57cdfabb49160c71c84354efeb66fddd260bae9af577932c18e29087a8ed831c73dfef33dee2a0af7c86e04db26088c27ee533046f920543d4f701eaf795cf10bc49160c51d2af7b86e02db26080a8f77e86e04d0e7a8863beea1982b7c881eb9e2178931c18a2b2f77d86e04d8e7988aefa75cf10bc490e5cf594b19be4c010e57e8883eef90cc19b1cf2e0b5fbba6708de240786a8eb3d9f217893431ea2a77edd33046f92035f56d69fa9e896eae89a6e68baa66a7ac3988b9eda24fd890acb99973cb35304ff101fd397d1a3ac1b3e096806bf9003eca6ecaca12233cb4bc433012d53712cdbb0d8767d714821de771d8054b50d07e8576d7e5f661de2084d9b5597d674dbd5155d10b8f5c20f1487c7ab5763e1f929ab589f1331c7a2dea3bc3afd3a89570041f48cadb22b5912b21614d92416af4f59e16ace67ac07ce2919132f234beaa519ce10a3379fdefc3f1c5c7457');
INSERT INTO public.runs VALUES (1, 'fc437b08f558427ab85a3f9aa58358c0', 'acme', 'line-1', 1, NULL, 'version.created', '2e247cc2412c297a', '{}', 'succeeded', 'done', NULL, NULL, 1, 1767225600, 1767225600, 1767225600, 1767225600, 'f60718b44eeca76b', '9b5c4d2b3200e271d0bb0a21227651eba705daff692fab9374f60ac183b1e0c8', NULL, NULL);
INSERT INTO public.runs VALUES (2, 'f694ff28c2c7449d95b56d8e05cbaead', 'acme', 'line-3', 9, NULL, 'version.created', 'ebf5eebc8f4f9b4d', '{}', 'failed', 'failed', NULL, NULL, 1, 1767225660, 1767225660, 1767225660, 1767225660, NULL, NULL, 'InputError', 'there is no such version');
INSERT INTO public.runs VALUES (3, 'eb1d99be686149f2821034d6b9706b87', 'acme', 'line-1', NULL, NULL, 'spec.changed', '010b82ad7bd382f1', '{}', 'succeeded', 'done', NULL, NULL, 1, 1767225720, 1767225720, 1767225720, 1767225720, '6652c222ed1e2f47', '9b5c4d2b3200e271d0bb0a21227651eba705daff692fab9374f60ac183b1e0c8', NULL, NULL);
INSERT INTO public.runs VALUES (4, 'd92cb7e4648b410d989eb623ee875fd2', 'acme', 'line-1', NULL, NULL, 'spec.changed', '9a870c1b282a7a68', '{}', 'queued', 'queued', NULL, NULL, 0, 1767225840, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.runs VALUES (5, '661622a233ca4ad9b8892dc008e1f235', 'acme', 'line-2', 2, NULL, 'version.created', '74beb3e07813e60b', '{}', 'queued', 'queued', NULL, NULL, 0, 1767225840, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.specs VALUES (1, 'acme', 'line-1', 'project: acme/line-1
classes:
  package: {critical: true, min_recall: 0.5, min_precision: 0.5}
', '6fb7f1089f4a246b', 'neha@acme.example', 1767225720);
INSERT INTO public.tokens VALUES ('d0355cf5a3a7421195920a19e43d6bdf', 'acme', 'neha@acme.example', 'deployer', '628b4eac8f668e62435f561544d031fea81424d902979210791d64211eb5b822', 1767225720, NULL, NULL);
INSERT INTO public.waivers VALUES ('eaecb34374b14ba4bf525c43c3265245', 'acme', 'line-1', '{"code":"DATA101","subject":"package","person":"neha@acme.example","reason":"known, and being mended","expires":"2027-06-30"}', 'neha@acme.example', 1767225840, NULL);
SELECT pg_catalog.setval('public.fix_steps_sequence_seq', 1, true);
SELECT pg_catalog.setval('public.runs_sequence_seq', 5, true);
SELECT pg_catalog.setval('public.specs_sequence_seq', 1, true);
ALTER TABLE ONLY dbos.application_versions
    ADD CONSTRAINT application_versions_pkey PRIMARY KEY (version_id);
ALTER TABLE ONLY dbos.application_versions
    ADD CONSTRAINT application_versions_version_name_key UNIQUE (version_name);
ALTER TABLE ONLY dbos.dbos_migrations
    ADD CONSTRAINT dbos_migrations_pkey PRIMARY KEY (version);
ALTER TABLE ONLY dbos.event_dispatch_kv
    ADD CONSTRAINT event_dispatch_kv_pkey PRIMARY KEY (service_name, workflow_fn_name, key);
ALTER TABLE ONLY dbos.notifications
    ADD CONSTRAINT notifications_pkey PRIMARY KEY (message_uuid);
ALTER TABLE ONLY dbos.operation_outputs
    ADD CONSTRAINT operation_outputs_pkey PRIMARY KEY (workflow_uuid, function_id);
ALTER TABLE ONLY dbos.queues
    ADD CONSTRAINT queues_name_key UNIQUE (name);
ALTER TABLE ONLY dbos.queues
    ADD CONSTRAINT queues_pkey PRIMARY KEY (queue_id);
ALTER TABLE ONLY dbos.streams
    ADD CONSTRAINT streams_pkey PRIMARY KEY (workflow_uuid, key, "offset");
ALTER TABLE ONLY dbos.workflow_events_history
    ADD CONSTRAINT workflow_events_history_pkey PRIMARY KEY (workflow_uuid, function_id, key);
ALTER TABLE ONLY dbos.workflow_events
    ADD CONSTRAINT workflow_events_pkey PRIMARY KEY (workflow_uuid, key);
ALTER TABLE ONLY dbos.workflow_input
    ADD CONSTRAINT workflow_input_pkey PRIMARY KEY (workflow_uuid);
ALTER TABLE ONLY dbos.workflow_output
    ADD CONSTRAINT workflow_output_pkey PRIMARY KEY (workflow_uuid);
ALTER TABLE ONLY dbos.workflow_schedules
    ADD CONSTRAINT workflow_schedules_pkey PRIMARY KEY (schedule_id);
ALTER TABLE ONLY dbos.workflow_schedules
    ADD CONSTRAINT workflow_schedules_schedule_name_key UNIQUE (schedule_name);
ALTER TABLE ONLY dbos.workflow_status
    ADD CONSTRAINT workflow_status_pkey PRIMARY KEY (workflow_uuid);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.audit_heads
    ADD CONSTRAINT audit_heads_pkey PRIMARY KEY (workspace);
ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (workspace, "position");
ALTER TABLE ONLY public.decisions
    ADD CONSTRAINT decisions_pkey PRIMARY KEY (decision_id);
ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT deliveries_of_workspace PRIMARY KEY (workspace, delivery_id);
ALTER TABLE ONLY public.evidence
    ADD CONSTRAINT evidence_of_workspace PRIMARY KEY (workspace, evidence_key);
ALTER TABLE ONLY public.fix_steps
    ADD CONSTRAINT fix_steps_pkey PRIMARY KEY (sequence);
ALTER TABLE ONLY public.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (workspace, person, idempotency_key);
ALTER TABLE ONLY public.keys
    ADD CONSTRAINT keys_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_once UNIQUE (run_id, channel, address);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (message_id);
ALTER TABLE ONLY public.pictures
    ADD CONSTRAINT pictures_pkey PRIMARY KEY (workspace, evidence_key, picture_id);
ALTER TABLE ONLY public.projects
    ADD CONSTRAINT projects_pkey PRIMARY KEY (workspace, project);
ALTER TABLE ONLY public.reports
    ADD CONSTRAINT reports_pkey PRIMARY KEY (run_id);
ALTER TABLE ONLY public.runs
    ADD CONSTRAINT runs_pkey PRIMARY KEY (sequence);
ALTER TABLE ONLY public.runs
    ADD CONSTRAINT runs_run_id_key UNIQUE (run_id);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (digest);
ALTER TABLE ONLY public.sign_offs
    ADD CONSTRAINT sign_offs_pkey PRIMARY KEY (workspace, run_id, person);
ALTER TABLE ONLY public.specs
    ADD CONSTRAINT specs_pkey PRIMARY KEY (sequence);
ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT tokens_digest_key UNIQUE (digest);
ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT tokens_pkey PRIMARY KEY (token_id);
ALTER TABLE ONLY public.waivers
    ADD CONSTRAINT waivers_pkey PRIMARY KEY (waiver_id);
ALTER TABLE ONLY public.watermarks
    ADD CONSTRAINT watermarks_pkey PRIMARY KEY (workspace);
ALTER TABLE ONLY public.workers
    ADD CONSTRAINT workers_pkey PRIMARY KEY (name);
CREATE INDEX idx_application_versions_owner_timestamp ON dbos.application_versions USING btree (application_name, version_timestamp DESC);
CREATE INDEX idx_application_versions_timestamp ON dbos.application_versions USING btree (version_timestamp DESC);
CREATE INDEX idx_operation_outputs_completed_at_function_name_v2 ON dbos.operation_outputs USING btree (completed_at_epoch_ms, function_name) INCLUDE (application_name);
CREATE INDEX idx_operation_outputs_retention ON dbos.operation_outputs USING btree (retention_timestamp);
CREATE INDEX idx_workflow_input_retention ON dbos.workflow_input USING btree (retention_timestamp);
CREATE INDEX idx_workflow_output_retention ON dbos.workflow_output USING btree (retention_timestamp);
CREATE INDEX idx_workflow_status_attributes ON dbos.workflow_status USING gin (attributes) WHERE (attributes IS NOT NULL);
CREATE INDEX idx_workflow_status_completed_at ON dbos.workflow_status USING btree (completed_at) WHERE (completed_at IS NOT NULL);
CREATE INDEX idx_workflow_status_deadline ON dbos.workflow_status USING btree (workflow_deadline_epoch_ms) WHERE ((status = ANY (ARRAY['ENQUEUED'::text, 'PENDING'::text, 'DELAYED'::text])) AND (workflow_deadline_epoch_ms IS NOT NULL));
CREATE INDEX idx_workflow_status_delayed ON dbos.workflow_status USING btree (delay_until_epoch_ms) WHERE (status = 'DELAYED'::text);
CREATE INDEX idx_workflow_status_failed ON dbos.workflow_status USING btree (status, created_at) WHERE (status = ANY (ARRAY['ERROR'::text, 'CANCELLED'::text, 'MAX_RECOVERY_ATTEMPTS_EXCEEDED'::text]));
CREATE INDEX idx_workflow_status_forked_from ON dbos.workflow_status USING btree (forked_from) WHERE (forked_from IS NOT NULL);
CREATE INDEX idx_workflow_status_in_flight_v2 ON dbos.workflow_status USING btree (queue_name, status, priority, created_at) INCLUDE (application_name) WHERE (status = ANY (ARRAY['ENQUEUED'::text, 'PENDING'::text]));
CREATE INDEX idx_workflow_status_parent_workflow_id ON dbos.workflow_status USING btree (parent_workflow_id) WHERE (parent_workflow_id IS NOT NULL);
CREATE INDEX idx_workflow_status_partition_dequeue_v3 ON dbos.workflow_status USING btree (queue_name, status, queue_partition_key, priority, created_at, workflow_uuid) INCLUDE (application_name) WHERE ((status = ANY (ARRAY['ENQUEUED'::text, 'PENDING'::text])) AND (queue_partition_key IS NOT NULL));
CREATE INDEX idx_workflow_status_pending ON dbos.workflow_status USING btree (created_at) WHERE (status = 'PENDING'::text);
CREATE INDEX idx_workflow_status_rate_limited ON dbos.workflow_status USING btree (queue_name, started_at_epoch_ms) WHERE (rate_limited = true);
CREATE INDEX idx_workflow_status_schedule_name ON dbos.workflow_status USING btree (schedule_name) WHERE (schedule_name IS NOT NULL);
CREATE INDEX idx_workflow_status_started_at ON dbos.workflow_status USING btree (started_at_epoch_ms) WHERE (started_at_epoch_ms IS NOT NULL);
CREATE INDEX idx_workflow_topic ON dbos.notifications USING btree (destination_uuid, topic);
CREATE UNIQUE INDEX uq_application_versions_owner_version ON dbos.application_versions USING btree (application_name, version_name) WHERE (application_name IS NOT NULL);
CREATE UNIQUE INDEX uq_application_versions_unclaimed_version ON dbos.application_versions USING btree (version_name) WHERE (application_name IS NULL);
CREATE UNIQUE INDEX uq_workflow_status_dedup_id ON dbos.workflow_status USING btree (queue_name, deduplication_id) WHERE (deduplication_id IS NOT NULL);
CREATE INDEX workflow_status_created_at_index ON dbos.workflow_status USING btree (created_at);
CREATE INDEX decisions_by_project ON public.decisions USING btree (workspace, project, decided_at);
CREATE INDEX deliveries_by_age ON public.deliveries USING btree (received_at);
CREATE INDEX fix_steps_by_project ON public.fix_steps USING btree (workspace, project, sequence);
CREATE INDEX idempotency_by_age ON public.idempotency USING btree (begun_at);
CREATE INDEX outbox_by_age ON public.outbox USING btree (workspace, created_at, message_id);
CREATE INDEX outbox_by_state ON public.outbox USING btree (workspace, state, created_at);
CREATE INDEX projects_by_effort ON public.projects USING btree (workspace, effort, project);
CREATE INDEX projects_by_state ON public.projects USING btree (workspace, state, effort, project);
CREATE INDEX reports_by_id ON public.reports USING btree (workspace, report_id);
CREATE INDEX reports_by_project ON public.reports USING btree (workspace, project, sequence);
CREATE UNIQUE INDEX runs_by_content ON public.runs USING btree (content_key) WHERE ((state)::text = ANY ((ARRAY['queued'::character varying, 'running'::character varying, 'succeeded'::character varying])::text[]));
CREATE INDEX runs_by_project ON public.runs USING btree (workspace, project, sequence);
CREATE INDEX runs_by_workspace ON public.runs USING btree (workspace, sequence);
CREATE INDEX specs_by_project ON public.specs USING btree (workspace, project, sequence);
CREATE INDEX tokens_by_workspace ON public.tokens USING btree (workspace, created_at);
CREATE INDEX waivers_by_project ON public.waivers USING btree (workspace, project, created_at);
CREATE TRIGGER audit_keeps BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit FOR EACH STATEMENT EXECUTE FUNCTION public.audit_keeps();
ALTER TABLE ONLY dbos.notifications
    ADD CONSTRAINT notifications_destination_uuid_fkey FOREIGN KEY (destination_uuid) REFERENCES dbos.workflow_status(workflow_uuid) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE ONLY dbos.streams
    ADD CONSTRAINT streams_workflow_uuid_fkey FOREIGN KEY (workflow_uuid) REFERENCES dbos.workflow_status(workflow_uuid) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE ONLY dbos.workflow_events_history
    ADD CONSTRAINT workflow_events_history_workflow_uuid_fkey FOREIGN KEY (workflow_uuid) REFERENCES dbos.workflow_status(workflow_uuid) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE ONLY dbos.workflow_events
    ADD CONSTRAINT workflow_events_workflow_uuid_fkey FOREIGN KEY (workflow_uuid) REFERENCES dbos.workflow_status(workflow_uuid) ON UPDATE CASCADE ON DELETE CASCADE;
