{{/* An image: by its digest if one is given. Takes root and image. */}}
{{- define "varsel.image" -}}
{{- if .image.digest -}}
{{ .image.repository }}@{{ .image.digest }}
{{- else -}}
{{ .image.repository }}:{{ .image.tag | default .root.Chart.AppVersion }}
{{- end -}}
{{- end }}

{{/* What tells the pods of a part from others. Takes part. */}}
{{- define "varsel.selector" -}}
app.kubernetes.io/name: varsel
app.kubernetes.io/component: {{ .part }}
{{- end }}

{{/* Takes root and part. */}}
{{- define "varsel.labels" -}}
{{ include "varsel.selector" . }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{/* Settings as variables: those of all, and over them a part's own. Takes root and part. */}}
{{- define "varsel.settings" -}}
{{- $own := (index .root.Values .part | default dict).settings | default dict -}}
{{- range $name, $value := merge (dict) $own .root.Values.settings }}
{{- if $value }}
- {name: {{ $name }}, value: {{ $value | quote }}}
{{- end }}
{{- end }}
{{- if .root.Values.themeClaim }}
- {name: VARSEL_THEME, value: /theme}
{{- end }}
{{- end }}

{{/* Secrets that come by a file, as variables. Takes secrets: what is in the Secret → what its file is
called and its setting, in upper case. */}}
{{- define "varsel.secretSettings" -}}
{{- range $key, $file := .secrets }}
- {name: VARSEL_{{ upper $file }}_FILE, value: /run/secrets/varsel/{{ $file }}}
{{- end }}
{{- end }}

{{/* The volume of these secrets. Takes root and secrets. */}}
{{- define "varsel.secretVolume" -}}
- name: secrets
  secret:
    secretName: {{ .root.Values.secrets.varsel }}
    defaultMode: 0440
    items:
      {{- range $key, $file := .secrets }}
      - {key: {{ $key }}, path: {{ $file }}}
      {{- end }}
{{- end }}

{{/* A volume of `volumes`. Takes root and name. */}}
{{- define "varsel.claim" -}}
{{- $volume := index .root.Values.volumes .name -}}
- name: {{ .name }}
  persistentVolumeClaim:
    claimName: {{ $volume.claim | default (printf "varsel-%s" .name) }}
{{- end }}

{{/* What each pod has: no root, no token of the cluster, a first process that ends others. */}}
{{- define "varsel.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
# Signals reach a process that is not the first of its container as they should.
shareProcessNamespace: true
# Longer than the longest step of a stop: 20 s for what is being mailed, and what comes after it.
terminationGracePeriodSeconds: 60
dnsConfig: {options: [{name: timeout, value: "2"}, {name: attempts, value: "2"}]}
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector: {matchLabels: {{ include "varsel.selector" . | fromYaml | toJson }}}
{{- end }}

{{/* Takes part: Caddy's may bind low ports. */}}
{{- define "varsel.podSecurity" -}}
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  # Not each file of a large volume at each start.
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "varsel.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end }}

{{/* Whether it answers. Not whether all is well: that a page could not be made is no reason to take every
process of render from its readers. /health/ready tells, by /metrics, those who watch. */}}
{{- define "varsel.probes" -}}
startupProbe: {httpGet: {path: /health/live, port: http}, periodSeconds: 2, failureThreshold: 90, timeoutSeconds: 5}
readinessProbe: {httpGet: {path: /health/live, port: http}, periodSeconds: 5, failureThreshold: 3, timeoutSeconds: 5}
livenessProbe: {httpGet: {path: /health/live, port: http}, periodSeconds: 20, failureThreshold: 6, timeoutSeconds: 10}
{{- end }}

{{/* One service with its Service. Takes root, part, service (the word after `up`), secrets, mounts
(volume → path), writes (volumes that it writes) and scaled. */}}
{{- define "varsel.service" -}}
{{- $values := index .root.Values .part -}}
apiVersion: apps/v1
kind: StatefulSet # a name that outlives restarts: what it had in hand is its own again
metadata:
  name: {{ .part }}
  labels: {{- include "varsel.labels" . | nindent 4 }}
spec:
  serviceName: {{ .part }}
  podManagementPolicy: Parallel
  {{- if not .scaled }}
  replicas: {{ $values.replicas | default 1 }}
  {{- end }}
  selector: {matchLabels: {{ include "varsel.selector" . | fromYaml | toJson }}}
  template:
    metadata:
      labels:
        {{- include "varsel.labels" . | nindent 8 }}
        varsel/redis: "yes"
    spec:
      {{- include "varsel.pod" . | nindent 6 }}
      {{- include "varsel.podSecurity" . | nindent 6 }}
      containers:
        - name: {{ .part }}
          image: {{ include "varsel.image" (dict "root" .root "image" .root.Values.image) }}
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          args: [up, {{ .service }}]
          env:
            {{- include "varsel.settings" . | nindent 12 }}
            {{- include "varsel.secretSettings" . | nindent 12 }}
            {{- range $name, $value := .env }}
            - {name: {{ $name }}, value: {{ $value | quote }}}
            {{- end }}
          ports:
            - {name: http, containerPort: 8000}
            {{- if eq .part "bounces" }}
            - {name: bounces, containerPort: 2525}
            {{- end }}
          {{- include "varsel.probes" . | nindent 10 }}
          {{- include "varsel.containerSecurity" . | nindent 10 }}
          resources: {{- toYaml $values.resources | nindent 12 }}
          volumeMounts:
            - {name: secrets, mountPath: /run/secrets/varsel, readOnly: true}
            - {name: tmp, mountPath: /tmp}
            - {name: data, mountPath: /data}
            {{- range $volume, $path := .mounts }}
            - {name: {{ $volume }}, mountPath: {{ $path }}}
            {{- end }}
            {{- if .root.Values.themeClaim }}
            - {name: theme, mountPath: /theme, readOnly: true}
            {{- end }}
      volumes:
        {{- include "varsel.secretVolume" . | nindent 8 }}
        - {name: tmp, emptyDir: {sizeLimit: 512Mi}}
        # This machine's own: the search of render, which is made anew.
        - {name: data, emptyDir: {sizeLimit: 2Gi}}
        {{- range $volume, $path := .mounts }}
        {{- include "varsel.claim" (dict "root" $.root "name" $volume) | nindent 8 }}
        {{- end }}
        {{- if .root.Values.themeClaim }}
        - {name: theme, persistentVolumeClaim: {claimName: {{ .root.Values.themeClaim }}, readOnly: true}}
        {{- end }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ .part }}
  labels: {{- include "varsel.labels" . | nindent 4 }}
spec:
  # Without an address of its own: the name leads to all processes, for Caddy and for Prometheus.
  clusterIP: None
  selector: {{- include "varsel.selector" . | nindent 4 }}
  ports: [{name: http, port: 8000, targetPort: http}]
{{- if gt (int ($values.replicas | default 1)) 1 }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .part }}
  labels: {{- include "varsel.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  selector: {matchLabels: {{ include "varsel.selector" . | fromYaml | toJson }}}
{{- end }}
{{- end }}
