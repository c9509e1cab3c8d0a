namespace OpAgent.Agents.Proofreader.Spelling;

/// <summary>Words of people who work with computers, which dictionaries lack.</summary>
internal static class Jargon
{
    private static readonly HashSet<string> Words = new(
        """
        admin admins allowlist analytics api apis app apps args async auth autocomplete autoscaling backend backends backport backported backporting backtick backticks benchmarked bool
        boolean booleans bugfix bytecode cacheable callback callbacks changelog changelogs changeset changesets checkbox checkboxes checksum checksums cli codebase codebases codegen config
        configs configurability cors cron crypto csv customizable datacenter datacenters dataset datasets datastore debounce deserialization deserialize deserialized deserializes dev devs
        discoverability dropdown durations endian endpoint endpoints enum enums env executables extensibility failover filename filenames filesystem filesystems frontend frontends
        fullscreen getter getters github glob globs gzip hardcode hardcoded hashtag hostname hostnames hotfix html http https idempotency idempotent inlined inlining iframe init
        instantiation interop invariants json keepalive keyspace keystore kubernetes lifecycle lifecycles linter linters linting localhost lookup lookups lossy macros markdown metadata
        microservice microservices middleware middlewares misconfiguration mitigations monorepo multiline multithreaded mutex mutexes namespace namespaced namespaces natively nullable nuget
        online opcode overridable param params parameterized parameterless parsable parsers passphrase pathname performant permalink plaintext playbook plugin plugins polyfill popup
        popups preconfigured prepend prepended programmatically proto proxied proxying pubsub quickstart readme readmes readonly realtime reconfigure redeploy redirects refactor refactored
        refactoring refetch regex regexes reloadable reparse repo repos resolver resolvers resizable roadmap rollout rollback runbook runtime runtimes sandboxed scalability schemas screenshot
        screenshots serializable serialization serializer serializers setter setters sidebar signup stateful stateless stderr stdin stdout stdio stylesheet subcommand subcommands subdirectories
        subdirectory subdomain subdomains subfolder subfolders subprocess substring substrings symlink symlinked symlinks syntaxes sysadmin telemetry templating throughput timeline timestamp
        timestamps tokenization tokenize tokenizer toolchain toolchains tooltip tooltips troubleshoot tuple tuples typeahead uncheck uncomment unescaped unhandled uninstall unix unmarshal
        unregister untrusted upsert uptime uri uris url urls username usernames validator validators viewport webhook webhooks webpage webserver websocket websockets whitespace whitespaces
        wiki wildcard wildcards workflow workflows workspace workspaces writable xml yaml zip zipped
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), StringComparer.OrdinalIgnoreCase);

    public static bool Contains(string word) => Words.Contains(word);
}
