extension KeyList {
  /// Keys of a broker.
  static let rocketMQBroker = KeyList(
    system: "RocketMQ broker", version: "5.3.4-SNAPSHOT at 8fc57f14",
    source: "BrokerConfig, BrokerIdentity and NettyServerConfig",
    text: #"""
      accountStatsEnable flag = true
      accountStatsPrintZeroValues flag = true
      ackMessageThreadPoolNums whole = 16
      ackThreadPoolQueueCapacity whole = 100000
      aclEnable flag = false
      adminBrokerThreadPoolNums whole = 16
      adminBrokerThreadPoolQueueCapacity whole = 10000
      allowRecallWhenBrokerNotWriteable flag = true
      appendAckAsync flag = false
      appendCkAsync flag = false
      asyncSendEnable flag = true
      autoCreateSubscriptionGroup flag = true
      autoCreateTopicEnable flag = true
      autoDeleteUnusedStats flag = true
      bindAddress text = 0.0.0.0
      broadcastOffsetExpireMaxSecond whole = 300
      broadcastOffsetExpireSecond whole = 120
      brokerClusterName text = DEFAULT_CLUSTER_NAME
      brokerConfigPath text = null
      brokerElectionPriority whole
      brokerFastFailureEnable flag = true
      brokerHeartbeatInterval whole = 1000
      brokerIP1 text
      brokerIP2 text
      brokerId whole
      brokerName text
      brokerNotActiveTimeoutMillis whole = 10000
      brokerPermission whole
      brokerTopicEnable flag = true
      cgColdReadThreshold whole = 3145728
      channelExpiredTimeout whole = 120000
      checkSyncStateSetPeriod whole = 5000
      cleanOfflineBrokerInterval whole = 30000
      clearRetryTopicWhenDeleteTopic flag = true
      clientManageThreadPoolNums whole = 32
      clientManagerThreadPoolQueueCapacity whole = 1000000
      clusterTopicEnable flag = true
      coldCtrStrategyEnable flag = false
      commercialBaseCount whole = 1
      commercialSizePerMsg whole = 4096
      compatibleWithOldNameSrv flag = true
      compressedRegister flag = false
      configBlackList text = configBlackList
      configManagerVersion text
      consumerFallbehindThreshold whole
      consumerManageThreadPoolNums whole = 32
      consumerManagerThreadPoolQueueCapacity whole = 1000000
      consumerOffsetUpdateVersionStep whole = 500
      controllerAddr text
      controllerHeartBeatTimeoutMills whole = 10000
      defaultMessageRequestMode text = PU
      defaultPopShareQueueNum whole = -1
      defaultTopicQueueNums whole = 8
      delayOffsetUpdateVersionStep whole = 200
      disableConsumeIfConsumerReadSlowly flag = false
      enableBroadcastOffsetStore flag = true
      enableCalcFilterBitMap flag = false
      enableConnectionMetrics flag = true
      enableControllerMode flag = false
      enableCreateSysGroup flag = true
      enableDetailStat flag = true
      enableFastChannelEventProcess flag = false
      enableLagAndDlqMetrics flag = true
      enableLmqStats flag = false
      enableMessageStoreMetrics flag = true
      enableMixedMessageType flag = false
      enableNetWorkFlowControl flag = false
      enableNotifyAfterPopOrderLockRelease flag = true
      enableNotifyBeforePopCalculateLag flag = true
      enablePopBatchAck flag = false
      enablePopBufferMerge flag = false
      enablePopLog flag = false
      enablePopMessageThreshold flag = false
      enablePopMetrics flag = true
      enablePropertyFilter flag = false
      enableRegisterProducer flag = true
      enableRemoteEscape flag = false
      enableRemotingMetrics flag = true
      enableRequestMetrics flag = true
      enableRetryTopicV2 flag = false
      enableShutdownGracefully flag = false
      enableSingleTopicRegister flag = false
      enableSkipLongAwaitingAck flag = false
      enableSlaveActingMaster flag = false
      enableSplitMetadata flag = true
      enableSplitRegistration flag = false
      enableStatsMetrics flag = true
      enableTransactionMetrics flag = true
      endTransactionPoolQueueCapacity whole = 100000
      endTransactionThreadPoolNums whole
      estimateAccumulation flag = true
      expectConsumerNumUseFilter whole = 32
      fetchControllerAddrByDnsLookup flag = false
      fetchNameSrvAddrByDnsLookup flag = false
      fetchNamesrvAddrByAddressServer flag = false
      fetchNamesrvAddrInterval whole = 10000
      filterDataCleanTimeSpan whole = 86400000
      filterSupportRetry flag = false
      flushConsumerOffsetHistoryInterval whole = 60000
      flushConsumerOffsetInterval whole = 5000
      forceRegister flag = true
      forwardTimeout whole = 3000
      globalColdReadThreshold whole = 104857600
      heartbeatThreadPoolNums whole
      heartbeatThreadPoolQueueCapacity whole = 50000
      highSpeedMode flag = false
      initPopOffsetByCheckMsgInMem flag = true
      isBrokerContainer flag = false
      isInBrokerContainer flag = false
      isolateLogEnable flag = false
      listenPort whole = 0
      litePullMessageEnable flag = true
      litePullMessageThreadPoolNums whole
      litePullThreadPoolQueueCapacity whole = 100000
      loadBalancePollNameServerInterval whole = 30000
      loadBalanceProcessorThreadPoolNums whole = 32
      loadBalanceThreadPoolQueueCapacity whole = 100000
      lockInStrictMode flag = false
      longPollingEnable flag = true
      maxErrorRateOfBloomFilter whole = 20
      maxPopPollingSize whole = 100000
      maxStatsIdleTimeInMinutes whole = -1
      messageStorePlugIn text
      metricGrpcExporterIntervalInMills whole = 60000
      metricGrpcExporterTimeOutInMills whole = 3000
      metricLoggingExporterIntervalInMills whole = 10000
      metricsExporterType text = DISABLE
      metricsGrpcExporterHeader text
      metricsGrpcExporterTarget text
      metricsInDelta flag = false
      metricsLabel text
      metricsOtelCardinalityLimit whole = 50000
      metricsPromExporterHost text
      metricsPromExporterPort whole = 5557
      msgTraceTopicName text = RMQ_SYS_TRACE_TOPIC
      namesrvAddr text
      notifyConsumerIdsChangedEnable flag = true
      popCkMaxBufferSize whole = 200000
      popCkOffsetMaxQueueSize whole = 20000
      popCkStayBufferTime whole = 10000
      popCkStayBufferTimeOut whole = 3000
      popConsumerFSServiceInit flag = true
      popConsumerKVServiceEnable flag = false
      popConsumerKVServiceInit flag = false
      popConsumerKVServiceLog flag = false
      popFromRetryProbability whole = 20
      popInflightMessageThreshold whole = 10000
      popLongPollingForceNotifyInterval whole = 800
      popPollingMapExpireTimeSeconds whole = 600
      popPollingMapSize whole = 100000
      popPollingSize whole = 1024
      popResponseReturnActualRetryTopic flag = false
      popReviveMaxAttemptTimes whole = 16
      popReviveMaxReturnSizePerRead whole = 16384
      printChannelGroups flag = false
      printChannelGroupsMinNum whole = 5
      processReplyMessageThreadPoolNums whole
      pullMessageThreadPoolNums whole
      pullThreadPoolQueueCapacity whole = 100000
      putMessageFutureThreadPoolNums whole
      putThreadPoolQueueCapacity whole = 10000
      queryMessageThreadPoolNums whole
      queryThreadPoolQueueCapacity whole = 20000
      realTimeNotifyConsumerChange flag = true
      recallMessageEnable flag = false
      recoverConcurrently flag = false
      recoverThreadPoolNums whole = 32
      regionId text = DEFAULT_TRACE_REGION_ID
      registerBrokerTimeoutMills whole = 24000
      registerNameServerPeriod whole = 30000
      rejectPullConsumerEnable flag = false
      rejectTransactionMessage flag = false
      replyThreadPoolQueueCapacity whole = 10000
      retrieveMessageFromPopRetryTopicV1 flag = true
      reviveAckWaitMs whole
      reviveInterval whole = 1000
      reviveMaxSlow whole = 3
      reviveQueueNum whole = 8
      reviveScanTime whole = 10000
      rocketmqHome text = ROCKETMQ_HOME_DIR
      sendHeartbeatTimeoutMillis whole = 1000
      sendMessageThreadPoolNums whole
      sendThreadPoolQueueCapacity whole = 10000
      serverAsyncSemaphoreValue whole = 64
      serverCallbackExecutorThreads whole = 0
      serverChannelMaxIdleTimeSeconds whole = 120
      serverLoadBalancerEnable flag = true
      serverNettyWorkerGroupEnable flag = true
      serverOnewaySemaphoreValue whole = 256
      serverPooledByteBufAllocatorEnable flag = true
      serverSelectorThreads whole = 3
      serverSocketBacklog whole
      serverSocketRcvBufSize whole
      serverSocketSndBufSize whole
      serverWorkerThreads whole = 8
      shortPollingTimeMills whole = 1000
      shutdownWaitTimeSeconds whole = 30
      skipPreOnline flag = false
      skipWhenCKRePutReachMaxTimes flag = false
      slaveReadEnable flag = false
      splitMetadataSize whole = 2000
      splitRegistrationSize whole = 800
      startAcceptSendRequestTimeStamp whole = 0
      storeReplyMessageEnable flag = true
      subscriptionExpiredTimeout whole = 600000
      syncBrokerMemberGroupPeriod whole = 1000
      syncBrokerMetadataPeriod whole = 5000
      syncControllerMetadataPeriod whole = 10000
      traceOn flag = true
      traceTopicEnable flag = false
      transactionCheckInterval whole = 30000
      transactionCheckMax whole = 15
      transactionMetricFlushInterval whole = 10000
      transactionOpBatchInterval whole = 3000
      transactionOpMsgMaxSize whole = 4096
      transactionTimeOut whole = 6000
      transferMsgByHeap flag = true
      updateNameServerAddrPeriod whole = 120000
      useEpollNativeSelector flag = false
      usePIDColdCtrStrategy flag = true
      useServerSideResetOffset flag = true
      useStaticSubscription flag = false
      validateSystemTopicWhenUpdateTopic flag = true
      waitTimeMillsInAckQueue whole = 3000
      waitTimeMillsInAdminBrokerQueue whole = 5000
      waitTimeMillsInHeartbeatQueue whole = 31000
      waitTimeMillsInLitePullQueue whole = 5000
      waitTimeMillsInPullQueue whole = 5000
      waitTimeMillsInSendQueue whole = 200
      waitTimeMillsInTransactionQueue whole = 3000
      writeBufferHighWaterMark whole
      writeBufferLowWaterMark whole
      """#)

  /// Keys of the message store, in the same file.
  static let rocketMQStore = KeyList(
    system: "RocketMQ message store", version: "5.3.4-SNAPSHOT at 8fc57f14",
    source: "MessageStoreConfig",
    text: #"""
      accessMessageInMemoryHotRatio whole = 26
      accessMessageInMemoryMaxRatio whole = 40
      allAckInSyncStateSet flag = false
      asyncLearner flag = false
      autoMessageVersionOnTopicLen flag = true
      batchDispatchRequestThreadPoolNums whole = 16
      bitMapLengthConsumeQueueExt whole = 64
      bottomMostCompressionTypeForConsumeQueueStore text
      brokerRole text(ASYNC_MASTER|SYNC_MASTER|SLAVE) = ASYNC_MASTER
      checkCRCOnRecover flag = true
      cleanFileForciblyEnable flag = true
      cleanResourceInterval whole = 10000
      cleanRocksDBDirtyCQIntervalMin whole = 60
      cleanSwapedMapInterval whole
      coldDataFlowControlEnable flag = false
      coldDataScanEnable flag = false
      combineAssignOffsetCQType text
      combineCQEnableCheckSelf flag = false
      combineCQLoadingCQTypes text
      combineCQMaxExtraSearchCommitLogFiles whole = 3
      combineCQPreferCQType text
      commitCommitLogLeastPages whole = 4
      commitCommitLogThoroughInterval whole = 200
      commitIntervalCommitLog whole = 200
      commitLogForceSwapMapInterval whole
      commitLogSwapMapInterval whole
      commitLogSwapMapReserveFileNum whole = 100
      compactionCqMappedFileSize whole = 10485760
      compactionMappedFileSize whole = 104857600
      compactionScheduleInternal whole = 900000
      compactionThreadNum whole = 6
      correctLogicMinOffsetForceInterval whole = 300000
      correctLogicMinOffsetSleepInterval whole = 1
      dLegerGroup text
      dLegerPeers text
      dLegerSelfId text
      dataReadAheadEnable flag = true
      debugLockEnable flag = false
      defaultQueryMaxNum whole = 32
      deleteCommitLogFilesInterval whole = 100
      deleteConsumeQueueFilesInterval whole = 100
      deleteFileBatchMax whole = 10
      deleteWhen text = 04
      destroyMapedFileIntervalForcibly whole = 120000
      disappearTimeAfterStart whole = -1
      diskFallRecorded flag = true
      diskMaxUsedSpaceRatio whole = 75
      diskSpaceCleanForciblyRatio whole = 85
      diskSpaceWarningLevelRatio whole = 90
      dispatchCqCacheNum whole = 4096
      dispatchCqThreads whole = 10
      dispatchFromSenderThread flag = false
      duplicationEnable flag = false
      enableAcceleratedRecovery flag = false
      enableAsyncReput flag = true
      enableAutoInSyncReplicas flag = false
      enableBatchPush flag = false
      enableBuildConsumeQueueConcurrently flag = false
      enableCleanExpiredOffset flag = false
      enableCompaction flag = true
      enableConsumeQueueExt flag = false
      enableDLegerCommitLog flag = false
      enableLmq flag = false
      enableLogConsumeQueueRepeatedlyBuildWhenRecover flag = false
      enableMultiDispatch flag = false
      enableRocksDBLog flag = false
      enableRunningFlagsInFlush flag = false
      enableScheduleAsyncDeliver flag = false
      enableScheduleMessageStats flag = true
      enabledAppendPropCRC flag = false
      fastFailIfNoBufferInStorePool flag = false
      fileReservedTime whole = 72
      flushCommitLogLeastPages whole = 4
      flushCommitLogThoroughInterval whole = 10000
      flushCommitLogTimed flag = true
      flushConsumeQueueLeastPages whole = 2
      flushConsumeQueueThoroughInterval whole = 60000
      flushDelayOffsetInterval whole = 10000
      flushDiskType text(SYNC_FLUSH|ASYNC_FLUSH) = ASYNC_FLUSH
      flushIntervalCommitLog whole = 500
      flushIntervalConsumeQueue whole = 1000
      flushLeastPagesWhenWarmMapedFile whole
      forceVerifyPropCRC flag = false
      haFlowControlEnable flag = false
      haHousekeepingInterval whole = 20000
      haListenPort whole = 10912
      haMasterAddress text = null
      haMaxGapNotInSync whole = 268435456
      haMaxTimeSlaveNotCatchup whole = 15000
      haSendHeartbeatInterval whole = 5000
      haTransferBatchSize whole = 32768
      inSyncReplicas whole = 1
      logicQueueForceSwapMapInterval whole
      logicQueueSwapMapInterval whole
      logicQueueSwapMapReserveFileNum whole = 20
      logicalDiskSpaceCleanForciblyThreshold number = 0.8
      mappedFileSizeCommitLog whole = 1073741824
      mappedFileSizeConsumeQueue whole
      mappedFileSizeConsumeQueueExt whole = 50331648
      mappedFileSizeTimerLog whole = 104857600
      mappedFileSwapEnable flag = true
      mapperFileSizeBatchConsumeQueue whole
      maxAsyncPutMessageRequests whole = 5000
      maxBatchDeleteFilesNum whole = 50
      maxChecksumRange whole = 1073741824
      maxConsumeQueueScan whole
      maxFilterMessageSize whole = 16000
      maxHaTransferByteInSecond whole = 104857600
      maxHashSlotNum whole = 5000000
      maxIndexNum whole = 20000000
      maxLmqConsumeQueueNum whole = 20000
      maxMessageSize whole = 4194304
      maxMsgsNumBatch whole = 64
      maxOffsetMapSize whole = 104857600
      maxRecoveryCommitlogFiles whole = 30
      maxSlaveResendLength whole = 268435456
      maxTopicLength whole
      maxTransferBytesOnMessageInDisk whole = 65536
      maxTransferBytesOnMessageInMemory whole = 262144
      maxTransferCountOnMessageInDisk whole = 8
      maxTransferCountOnMessageInMemory whole = 32
      memTableFlushIntervalMs whole = 3600000
      messageDelayLevel text
      messageIndexEnable flag = true
      messageIndexSafe flag = false
      minInSyncReplicas whole = 1
      offsetCheckInSlave flag = false
      osPageCacheBusyTimeOutMills whole = 1000
      preferredLeaderId text
      pullBatchMaxMessageCount whole = 160
      putConsumeQueueDataByFileChannel flag = true
      putMessageTimeout whole = 8000
      putMsgIndexHightWater whole = 600000
      readOnlyCommitLogStorePaths text = null
      readUnCommitted flag = false
      realTimePersistRocksDBConfig flag = true
      recheckReputOffsetFromCq flag = false
      redeleteHangedFileInterval whole = 120000
      replicasPerDiskPartition whole = 1
      rocksdbCQDoubleWriteEnable flag = false
      rocksdbCompressionType text
      rocksdbFlushWalFrequency whole = 1024
      rocksdbWalFileRollingThreshold whole
      sampleCountThreshold whole = 5000
      sampleSteps whole = 32
      scheduleAsyncDeliverMaxPendingLimit whole = 2000
      scheduleAsyncDeliverMaxResendNum2Blocked whole = 3
      searchBcqByCacheEnable flag = true
      slaveTimeout whole = 3000
      spinLockCollisionRetreatOptimalDegree whole = 1000
      statRocksDBCQIntervalSec whole = 10
      storePathBrokerIdentity text = null
      storePathCommitLog text = null
      storePathDLedgerCommitLog text = null
      storePathEpochFile text = null
      storePathRootDir text
      storeType text
      syncFlushTimeout whole = 5000
      syncFromLastFile flag = false
      syncMasterFlushOffsetWhenStartup flag = false
      timerCheckMetricsWhen text = 05
      timerColdDataCheckIntervalMs whole = 60000
      timerCongestNumEachSlot whole
      timerEnableCheckMetrics flag = true
      timerEnableDisruptor flag = false
      timerEnableRetryUntilSuccess flag = false
      timerFlushIntervalMs whole = 1000
      timerGetMessageThreadNum whole = 3
      timerInterceptDelayLevel flag = false
      timerMaxDelaySec whole = 259200
      timerMetricSmallThreshold whole = 1000000
      timerPrecisionMs whole = 1000
      timerProgressLogIntervalMs whole = 10000
      timerPutMessageThreadNum whole = 3
      timerRollWindowSlot whole = 172800
      timerSkipUnknownError flag = false
      timerStopDequeue flag = false
      timerStopEnqueue flag = false
      timerWarmEnable flag = false
      timerWheelEnable flag = true
      topicQueueLockNum whole = 32
      totalReplicas whole = 1
      transientStorePoolEnable flag = false
      transientStorePoolSize whole = 5
      travelCqFileNumWhenGetMessage whole = 1
      useABSLock flag = false
      useReentrantLockWhenPutMessage flag = true
      wakeCommitWhenPutMessage flag = true
      wakeFlushWhenPutMessage flag = false
      warmMapedFileEnable flag = false
      writeWithoutMmap flag = false
      """#)
}
